package org.mediawiki.jobqueue.changeprop.admin.api;

import io.vertx.core.Future;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import org.mediawiki.jobqueue.changeprop.audit.AuditLog;
import org.mediawiki.jobqueue.changeprop.audit.AuditRecord;

/** Who changed what; and whether the caller may. */
final class AuditRoutes {

    private static final int USUAL = 100;
    private static final int MOST = 1_000;

    private final AuditLog log;
    private final AdminAccess access;
    private final ThisInstance self;

    AuditRoutes(AuditLog log, AdminAccess access, ThisInstance self) {
        this.log = log;
        this.access = access;
        this.self = self;
    }

    /**
     * What the caller may do.
     *
     * @param instance that answers
     * @param hasToken whether changes are possible at all
     * @param mayChange whether the request brought the token
     * @param protectsReads whether reads need it too
     * @param targets that dead jobs can be tried on
     */
    record Session(String instance, boolean hasToken, boolean mayChange, boolean protectsReads, List<String> targets) {}

    void mount(Router router) {
        router.get("/api/v1/audit").handler(Answers.json(this::newest));
        router.get("/api/v1/session").handler(Answers.json(this::session));
    }

    private Future<List<AuditRecord>> newest(RoutingContext context) {
        int limit = Question.query(context).allows("limit").limit(USUAL, MOST);
        return Future.succeededFuture(log.newest(limit));
    }

    private Future<Session> session(RoutingContext context) {
        return Future.succeededFuture(new Session(
                self.name(), access.hasToken(), access.knows(context), access.protectsReads(), self.targets()));
    }
}
