package org.mediawiki.jobqueue.changeprop.app;

import io.vertx.core.Context;
import io.vertx.core.Deployable;
import io.vertx.core.Future;
import java.util.Optional;
import java.util.function.Consumer;

/** Gives a lane its context: opened on it when deployed, closed on it when undeployed. */
final class LaneDeployment implements Deployable {

    private final LaneForm form;
    private final SharedParts shared;
    private final Consumer<Throwable> onFailure;

    /** Written on the context, read by whoever has waited for the deployment. */
    private volatile Optional<RunningLane> opened = Optional.empty();

    /** {@code onFailure} is told when the lane cannot go on. */
    LaneDeployment(LaneForm form, SharedParts shared, Consumer<Throwable> onFailure) {
        this.form = form;
        this.shared = shared;
        this.onFailure = onFailure;
    }

    @Override
    public Future<?> deploy(Context context) {
        return RunningLane.open(context, form, shared, onFailure).onSuccess(lane -> opened = Optional.of(lane));
    }

    @Override
    public Future<?> undeploy(Context context) {
        return opened.map(RunningLane::close).orElseGet(Future::succeededFuture);
    }

    /** The lane; only after the deployment. */
    RunningLane lane() {
        return opened.orElseThrow();
    }
}
