package org.mediawiki.jobqueue.changeprop.convert;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.mediawiki.jobqueue.changeprop.convert.Difference.Kind;

/**
 * A map of a legacy configuration that knows which of its keys have been taken, so that those that nobody took can be
 * refused. A key with nothing behind it counts as absent, as it does in the legacy service.
 */
final class Block {

    private final String path;
    private final Map<String, Object> entries;
    private final Findings findings;
    private final Set<String> taken = new LinkedHashSet<>();

    private Block(String path, Map<String, Object> entries, Findings findings) {
        this.path = path;
        this.entries = entries;
        this.findings = findings;
    }

    static Block root(Map<String, Object> entries, Findings findings) {
        return new Block("", entries, findings);
    }

    Findings findings() {
        return findings;
    }

    /** The path of a key, for people. */
    String at(String key) {
        return path.isEmpty() ? key : path + "." + key;
    }

    boolean saysTheSameAs(Block other) {
        return entries.equals(other.entries);
    }

    boolean has(String key) {
        return entries.get(key) != null;
    }

    /** Whether a key that may hold a map holds {@code false} instead. */
    boolean isFalse(String key) {
        boolean isFalse = Boolean.FALSE.equals(entries.get(key));
        if (isFalse) {
            taken.add(key);
        }
        return isFalse;
    }

    Set<String> keys() {
        return entries.keySet();
    }

    Optional<Block> block(String key) {
        return value(key).flatMap(value -> asBlock(at(key), value));
    }

    /** A map with nothing in it where the key is absent. */
    Block blockOrEmpty(String key) {
        return block(key).orElseGet(() -> new Block(at(key), Map.of(), findings));
    }

    /** The maps of a list; one map alone counts as a list of one. */
    List<Block> blocks(String key) {
        List<Block> blocks = new ArrayList<>();
        value(key).ifPresent(value -> {
            List<?> items = value instanceof List<?> list ? list : List.of(value);
            for (int i = 0; i < items.size(); i++) {
                asBlock(at(key) + (value instanceof List ? "[" + i + "]" : ""), items.get(i))
                        .ifPresent(blocks::add);
            }
        });
        return blocks;
    }

    /** A text; numbers and truth values as they are written. */
    Optional<String> text(String key) {
        return value(key).flatMap(value -> asText(at(key), value)).filter(text -> !text.isEmpty());
    }

    /** The texts of a list; one alone counts as a list of one. */
    List<String> texts(String key) {
        List<String> texts = new ArrayList<>();
        value(key).ifPresent(value -> {
            List<?> items = value instanceof List<?> list ? list : List.of(value);
            items.forEach(item -> asText(at(key), item).ifPresent(texts::add));
        });
        return texts;
    }

    /** A number from {@code least} on, also one that is written as text: JavaScript calculates with both. */
    OptionalDouble number(String key, double least) {
        Object value = value(key).orElse(null);
        if (value == null || value.equals("")) {
            return OptionalDouble.empty();
        }
        try {
            double number = Double.parseDouble(value.toString());
            if (number >= least && number <= Integer.MAX_VALUE) {
                return OptionalDouble.of(number);
            }
        } catch (NumberFormatException told) {
            // Below, with numbers out of range.
        }
        findings.refuse(at(key), "must be a number from " + Math.round(least) + " on", "found " + value);
        return OptionalDouble.empty();
    }

    boolean flag(String key, boolean byDefault) {
        Object value = value(key).orElse(byDefault);
        if (value instanceof Boolean flag) {
            return flag;
        }
        findings.refuse(at(key), "must be true or false", "found " + value);
        return byDefault;
    }

    /** Takes a key without looking at it, and tells why. */
    void pass(Kind kind, String key, String why) {
        if (value(key).isPresent()) {
            findings.tell(kind, at(key), why);
        }
    }

    /** Takes a key that means nothing to anybody. */
    void skip(String... keys) {
        taken.addAll(List.of(keys));
    }

    /** Refuses every key that nobody took. */
    void refuseTheRest() {
        entries.forEach((key, value) -> {
            if (value != null && !taken.contains(key)) {
                findings.refuse(
                        at(key),
                        "is not understood",
                        "nothing is dropped silently; if nothing depends on it, remove it from the copy that you convert");
            }
        });
    }

    private Optional<Object> value(String key) {
        taken.add(key);
        return Optional.ofNullable(entries.get(key));
    }

    private Optional<Block> asBlock(String where, @Nullable Object value) {
        if (value instanceof Map<?, ?> map) {
            Map<String, Object> named = new LinkedHashMap<>();
            map.forEach((key, behind) -> named.put(String.valueOf(key), behind));
            return Optional.of(new Block(where, named, findings));
        }
        findings.refuse(where, "must be a map of keys and values", "found " + value);
        return Optional.empty();
    }

    private Optional<String> asText(String where, @Nullable Object value) {
        if (value == null || value instanceof Map || value instanceof List) {
            findings.refuse(where, "must be a text", "found " + value);
            return Optional.empty();
        }
        String text = value.toString();
        if (text.contains("${")) {
            findings.refuse(where, "holds ${, which would be a variable of the environment here", "write it by hand");
            return Optional.empty();
        }
        return Optional.of(text);
    }
}
