package org.mediawiki.jobqueue.changeprop.admin;

import io.vertx.core.Context;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Has every part bring its meters up to date, each with a time of its own: what one does not say in time stays as it was,
 * and hides nothing of the others. Any thread.
 */
public final class Refresh {

    private final List<Part> parts;
    private final Duration patience;
    private final Consumer<String> onFailure;

    /**
     * {@code parts} are asked.
     *
     * @param patience how long each is waited for
     * @param onFailure is told the name of a part that failed, or did not answer in time; on any thread
     */
    public Refresh(List<Vitals> parts, Duration patience, Consumer<String> onFailure) {
        this.parts = parts.stream().map(Part::new).toList();
        this.patience = patience;
        this.onFailure = onFailure;
    }

    /** Completes when every part has answered or its time is over; never fails. */
    public Future<Void> all() {
        return Future.join(parts.stream().map(this::refreshed).toList()).mapEmpty();
    }

    /** The same, told on {@code here}: the part that answers last does so on its own context, which has jobs to run. */
    public Future<Void> all(Context here) {
        return Future.fromCompletionStage(all().toCompletionStage(), here);
    }

    private Future<Void> refreshed(Part part) {
        return part.refreshed()
                .timeout(patience.toMillis(), TimeUnit.MILLISECONDS)
                .otherwise(failure -> {
                    onFailure.accept(part.vitals.name());
                    return null;
                });
    }

    /** Asked once at a time, however many look: what stands still does not gather questions. */
    private static final class Part {

        private final Vitals vitals;

        /** Guarded by this. */
        private Future<Void> underWay = Future.succeededFuture();

        Part(Vitals vitals) {
            this.vitals = vitals;
        }

        synchronized Future<Void> refreshed() {
            if (underWay.isComplete()) {
                underWay = Future.<Void>succeededFuture().compose(ignored -> vitals.refreshMetrics());
            }
            return underWay;
        }
    }
}
