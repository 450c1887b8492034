package org.mediawiki.jobqueue.loadtest.standin;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.HexFormat;
import java.util.Map;
import java.util.stream.Collectors;
import org.mediawiki.jobqueue.loadtest.standin.RequestLedger.Detail;

/** The ledger as JSON, for tests that watch a stand-in in another process. */
final class LedgerJson {

    private LedgerJson() {}

    /** The counts. */
    static JsonObject summary(RequestLedger ledger) {
        JsonArray tallies = new JsonArray();
        for (LedgerTally tally : ledger.tally()) {
            tallies.add(new JsonObject()
                    .put("type", tally.type())
                    .put("outcome", tally.ending().outcome().name())
                    .put("status", tally.ending().status())
                    .put("count", tally.count()));
        }
        return new JsonObject()
                .put("requests", ledger.count())
                .put("in_flight", ledger.inFlight())
                .put("max_simultaneous", ledger.maxSimultaneous())
                .put("now_nanos", ledger.nowNanos())
                .put("tally", tallies);
    }

    /** Every request, one a line; with the body's SHA-256 where the ledger keeps it. */
    static String lines(RequestLedger ledger) {
        return ledger.requests().stream()
                .map(request -> line(request, ledger.detail()).encode() + "\n")
                .collect(Collectors.joining());
    }

    private static JsonObject line(RecordedRequest request, Detail detail) {
        EventFields event = request.job().event();
        JsonObject line = new JsonObject()
                .put("sequence", request.sequence())
                .put("id", event.id())
                .put("type", event.type())
                .put("wiki", event.wiki())
                .put("stream", event.stream())
                .put("attempt", request.job().attempt())
                .put("bytes", request.job().bytes())
                .put("path", request.wire().path())
                .put("headers", new JsonObject(Map.copyOf(request.wire().headers())))
                .put("http", request.wire().http())
                .put("tls", request.wire().tls())
                .put("start_nanos", request.span().startNanos())
                .put("outcome", request.ending().outcome().name())
                .put("status", request.ending().status());
        if (detail == Detail.HASHES) {
            line.put("sha256", HexFormat.of().formatHex(request.wire().body().getBytes()));
        }
        request.span().endNanos().ifPresent(end -> line.put("end_nanos", end));
        return line;
    }
}
