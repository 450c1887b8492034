package org.mediawiki.jobqueue.changeprop.fleet;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;
import org.mediawiki.jobqueue.changeprop.ledger.Ending;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Records of the fleet topic as JSON. Other versions may write more fields, which are passed over; what cannot be read is
 * passed over as a whole. Pure.
 */
final class FleetJson {

    /** Rises when a field changes its meaning; whoever does not know the version passes the record over. */
    private static final int VERSION = 1;

    private static final Logger LOG = LoggerFactory.getLogger(FleetJson.class);

    private FleetJson() {}

    static byte[] bytes(Instance instance) {
        return bytes(new JsonObject()
                .put("incarnation", instance.identity().incarnation())
                .put("started", instance.started().toString())
                .put("version", instance.version())
                .put("host", instance.host())
                .put("admin", instance.admin())
                .put("lanes", new JsonArray(instance.lanes())));
    }

    static Optional<Instance> instance(String name, byte[] value) {
        return read(
                value,
                json -> new Instance(
                        new Identity(name, text(json, "incarnation")),
                        Instant.parse(text(json, "started")),
                        json.getString("version", ""),
                        json.getString("host", ""),
                        json.getString("admin", ""),
                        json.getJsonArray("lanes", new JsonArray()).stream()
                                .map(String::valueOf)
                                .toList()));
    }

    static byte[] bytes(Note note) {
        JsonObject json = new JsonObject()
                .put("instance", note.author().name())
                .put("incarnation", note.author().incarnation());
        note.job().ifPresent(job -> {
            json.put("type", job.type())
                    .put("wiki", job.wiki())
                    .put("section", job.section())
                    .put("id", job.id());
            job.startedAt().ifPresent(at -> json.put("started", at.toString()));
        });
        note.ended().ifPresent(how -> json.put("ended", how.name()));
        if (note.lost()) {
            json.put("lost", true);
        }
        return bytes(json);
    }

    static Optional<Note> note(byte[] value) {
        return read(
                value,
                json -> new Note(
                        new Identity(text(json, "instance"), text(json, "incarnation")),
                        Optional.ofNullable(json.getString("type")).map(type -> job(type, json)),
                        Optional.ofNullable(json.getString("ended")).map(Ending::valueOf),
                        json.getBoolean("lost", false)));
    }

    private static JobAtWork job(String type, JsonObject json) {
        return new JobAtWork(
                type,
                json.getString("wiki", ""),
                json.getString("section", ""),
                json.getString("id", ""),
                Optional.ofNullable(json.getString("started")).map(Instant::parse));
    }

    static byte[] bytes(JsonObject json) {
        return json.put("v", VERSION).toBuffer().getBytes();
    }

    static <T> Optional<T> read(byte[] value, Function<JsonObject, T> reader) {
        try {
            JsonObject json = new JsonObject(Buffer.buffer(value));
            return json.getInteger("v", 0) == VERSION ? Optional.of(reader.apply(json)) : Optional.empty();
        } catch (DecodeException | ClassCastException | DateTimeException | IllegalArgumentException e) {
            LOG.debug("A record of the fleet topic cannot be read", e);
            return Optional.empty();
        }
    }

    private static String text(JsonObject json, String field) {
        String text = json.getString(field);
        if (text == null) {
            throw new IllegalArgumentException("no " + field);
        }
        return text;
    }
}
