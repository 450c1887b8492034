package org.mediawiki.jobqueue.changeprop.admin.api;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.ext.web.RoutingContext;
import java.util.function.Function;
import java.util.function.Supplier;
import org.mediawiki.jobqueue.changeprop.audit.AuditLog;
import org.mediawiki.jobqueue.changeprop.audit.AuditRecord;

/** Makes changes, each of which is written down before and after. What cannot be written down is not changed. */
final class Audited {

    private final Vertx vertx;
    private final AuditLog log;

    Audited(Vertx vertx, AuditLog log) {
        this.vertx = vertx;
        this.log = log;
    }

    /** {@code outcome} tells in a line what came of it. */
    <T> Future<T> change(
            RoutingContext context,
            String action,
            String subject,
            String detail,
            String reason,
            Supplier<Future<T>> change,
            Function<T, String> outcome) {
        Future<AuditRecord> begun =
                Answers.here(vertx, log.begin(AdminAccess.operator(context), action, subject, detail, reason));
        return begun.compose(record -> attempt(change)
                .onSuccess(value -> log.end(record, outcome.apply(value)))
                .onFailure(failure -> log.end(record, "failed: " + failure.getMessage())));
    }

    private static <T> Future<T> attempt(Supplier<Future<T>> change) {
        try {
            return change.get();
        } catch (RuntimeException e) {
            return Future.failedFuture(e);
        }
    }
}
