package org.mediawiki.jobqueue.changeprop.admin.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.core.MultiMap;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.mediawiki.jobqueue.changeprop.config.Durations;
import org.mediawiki.jobqueue.changeprop.control.OperatorOverride;
import org.mediawiki.jobqueue.changeprop.dead.DeadJobFilter;
import org.mediawiki.jobqueue.changeprop.dead.DeadJobId;
import org.mediawiki.jobqueue.changeprop.dead.DeadJobState;

/** What a request says: its query or its JSON body, by name. Everything else is refused with the reason. */
final class Question {

    /** Of an answer, as far as a filter can name it; 0 is that of a record which tells of none. */
    static final int HIGHEST_STATUS = 999;

    private static final int MOST_IDS = 10_000;

    /** Of a single value. What is said of a change is kept in the memory of every instance, often once for each job. */
    private static final int MOST_CHARS = OperatorOverride.MAX_CHARS;

    private final RoutingContext context;
    private final JsonNode body;

    private Question(RoutingContext context, JsonNode body) {
        this.context = context;
        this.body = body;
    }

    /** Of a read. */
    static Question query(RoutingContext context) {
        return new Question(context, Json.MAPPER.createObjectNode());
    }

    /** Of a change. */
    static Question body(RoutingContext context) {
        try {
            byte[] bytes = Optional.ofNullable(context.body().buffer())
                    .map(buffer -> buffer.getBytes())
                    .orElse(new byte[0]);
            JsonNode json = bytes.length == 0 ? Json.MAPPER.createObjectNode() : Json.MAPPER.readTree(bytes);
            if (!json.isObject()) {
                throw Refusal.badRequest("The body must be a JSON object");
            }
            return new Question(context, json);
        } catch (IOException e) {
            throw Refusal.badRequest("The body is not JSON");
        }
    }

    /** Names that mean nothing here are mistakes, and a mistake in a filter would change too much. */
    Question allows(String... names) {
        Set<String> known = Set.of(names);
        Stream.concat(params().names().stream(), fieldNames(body).stream())
                .filter(name -> !known.contains(name))
                .findFirst()
                .ifPresent(name -> {
                    throw Refusal.badRequest("Unknown: " + name + "; known are " + String.join(", ", names));
                });
        return this;
    }

    Optional<String> text(String name) {
        Optional<String> text = anyText(name);
        if (text.isPresent() && text.get().length() > MOST_CHARS) {
            throw Refusal.badRequest(name + " must be no longer than " + MOST_CHARS + " characters");
        }
        return text;
    }

    /** Where an order or a list goes on: a text of ours, which is longer the more partitions there are. */
    Optional<String> after() {
        return anyText("after");
    }

    /** Why something is to be changed, in one line; empty where nothing is said. */
    String reason() {
        String reason = text("reason").orElse("");
        if (reason.chars().anyMatch(Character::isISOControl)) {
            throw Refusal.badRequest("reason must be one line");
        }
        return reason;
    }

    private Optional<String> anyText(String name) {
        JsonNode field = body.path(name);
        if (field.isContainerNode()) {
            throw Refusal.badRequest(name + " must be a single value");
        }
        if (field.isValueNode() && !field.isNull()) {
            return Optional.of(field.asText());
        }
        return Optional.ofNullable(params().get(name)).filter(text -> !text.isEmpty());
    }

    boolean flag(String name) {
        refuseNull(name);
        String text = text(name).orElse("false");
        if (!text.equals("true") && !text.equals("false")) {
            throw Refusal.badRequest(name + " must be true or false, not " + text);
        }
        return text.equals("true");
    }

    OptionalInt number(String name, int least, int most) {
        Optional<String> text = text(name);
        if (text.isEmpty()) {
            return OptionalInt.empty();
        }
        try {
            int number = Integer.parseInt(text.get());
            if (number >= least && number <= most) {
                return OptionalInt.of(number);
            }
        } catch (NumberFormatException e) {
            throw Refusal.badRequest(name + " must be a whole number, not " + text.get());
        }
        throw Refusal.badRequest(name + " must be " + least + " to " + most + ", not " + text.get());
    }

    int limit(int usual, int most) {
        return number("limit", 1, most).orElse(usual);
    }

    /** A time, or how long ago it was: {@code 2h}. */
    Optional<Instant> time(String name, Instant now) {
        return text(name).map(text -> {
            try {
                return text.contains("T") ? Instant.parse(text) : now.minus(Durations.parse(text));
            } catch (DateTimeException | IllegalArgumentException e) {
                throw Refusal.badRequest(
                        name + " must be a time such as 2026-01-31T12:00:00Z, or an age such as 2h, not " + text);
            }
        });
    }

    Optional<Duration> duration(String name) {
        return text(name).map(text -> {
            try {
                return Durations.parse(text);
            } catch (IllegalArgumentException e) {
                throw Refusal.badRequest(name + " must be a duration such as 30m or 2h, not " + text);
            }
        });
    }

    List<String> texts(String name) {
        JsonNode field = body.path(name);
        if (field.isMissingNode() || field.isNull()) {
            return List.of();
        }
        if (!field.isArray() || field.size() > MOST_IDS) {
            throw Refusal.badRequest(name + " must be an array of " + MOST_IDS + " at most");
        }
        List<String> texts = new ArrayList<>();
        field.forEach(item -> texts.add(item.asText()));
        return texts;
    }

    /** A part of the body with fields of its own. */
    Optional<Question> part(String name) {
        JsonNode field = body.path(name);
        if (field.isMissingNode() || field.isNull()) {
            return Optional.empty();
        }
        if (!field.isObject()) {
            throw Refusal.badRequest(name + " must be an object");
        }
        return Optional.of(new Question(context, field));
    }

    /** For people. */
    String asText() {
        return body.isEmpty() ? "all" : body.toString();
    }

    /** The filter's fields in this part of the question; only dead ones where no state is named. */
    DeadJobFilter filter(Instant now) {
        fieldNames(body).forEach(this::refuseNull);
        return new DeadJobFilter(
                text("type"),
                text("wiki"),
                text("request_id"),
                number("status", 0, HIGHEST_STATUS),
                time("from", now),
                time("to", now),
                text("text"),
                states());
    }

    static DeadJobId deadJobId(String text) {
        return DeadJobId.parse(text)
                .orElseThrow(() -> Refusal.badRequest("No id of a dead job: " + text + "; they look like 3-1204"));
    }

    /** Left out, it means all, or in earnest; null may be the value of something that somebody meant to say. */
    private void refuseNull(String name) {
        if (body.path(name).isNull()) {
            throw Refusal.badRequest(name + " must not be null; leave it out where it does not matter");
        }
    }

    private Set<DeadJobState> states() {
        String text = text("state").orElse("dead");
        if (text.equals("any")) {
            return Set.of(DeadJobState.values());
        }
        return Stream.of(text.split(",", -1)).map(Question::state).collect(Collectors.toSet());
    }

    private static DeadJobState state(String text) {
        return Stream.of(DeadJobState.values())
                .filter(state -> state.name().toLowerCase(Locale.ROOT).equals(text))
                .findFirst()
                .orElseThrow(
                        () -> Refusal.badRequest("state must be dead, claimed, replayed, dropped or any, not " + text));
    }

    private MultiMap params() {
        return context.queryParams();
    }

    private static List<String> fieldNames(JsonNode json) {
        List<String> names = new ArrayList<>();
        json.fieldNames().forEachRemaining(names::add);
        return names;
    }
}
