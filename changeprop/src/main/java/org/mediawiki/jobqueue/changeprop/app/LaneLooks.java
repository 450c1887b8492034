package org.mediawiki.jobqueue.changeprop.app;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Looks at every lane. One that does not answer in time is seen as it was, and hides nothing of the others. Any thread. */
final class LaneLooks {

    private final Map<String, Supplier<Future<LaneLook>>> lanes;
    private final Duration patience;

    /** What was seen last, by the lane's name. */
    private final Map<String, LaneLook> seen = new ConcurrentHashMap<>();

    /** {@code lanes} are asked, by their names; each is waited for as long as {@code patience}. */
    LaneLooks(Map<String, Supplier<Future<LaneLook>>> lanes, Duration patience) {
        this.lanes = Map.copyOf(lanes);
        this.patience = patience;
    }

    /** By the lane's name; one that has never answered is absent. Never fails. */
    Future<Map<String, LaneLook>> all() {
        return Future.join(lanes.entrySet().stream()
                        .map(lane -> look(lane.getKey(), lane.getValue()))
                        .toList())
                .map(done -> Map.copyOf(seen));
    }

    private Future<Void> look(String name, Supplier<Future<LaneLook>> lane) {
        return lane.get()
                .timeout(patience.toMillis(), TimeUnit.MILLISECONDS)
                .onSuccess(look -> seen.put(name, look))
                .<Void>mapEmpty()
                .otherwiseEmpty();
    }
}
