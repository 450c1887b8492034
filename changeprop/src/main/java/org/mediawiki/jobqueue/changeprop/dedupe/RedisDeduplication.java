package org.mediawiki.jobqueue.changeprop.dedupe;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.mediawiki.jobqueue.changeprop.config.DedupeConfig;
import org.mediawiki.jobqueue.changeprop.event.JobEvent;
import org.mediawiki.jobqueue.runner.Time;

/** Knows what the fleet has completed, and without Redis at least what this process has. */
final class RedisDeduplication implements Deduplication {

    private final MemoryDeduplication here;
    private final RedisMemory everywhere;
    private final RedisLink link;

    private RedisDeduplication(MemoryDeduplication here, RedisMemory everywhere, RedisLink link) {
        this.here = here;
        this.everywhere = everywhere;
        this.link = link;
    }

    /** See {@link Deduplication#open}. */
    static Future<Deduplication> open(Context context, DedupeConfig config, Time time, DedupeListener listener) {
        RedisClients clients = new RedisClients(context.owner(), config.redis());
        RedisBreaker breaker = new RedisBreaker(time);
        RedisLink link = new RedisLink(clients, time, breaker::succeeded);
        RedisMemory everywhere = new RedisMemory(link, new RedisCommands(config), breaker, time, listener);
        MemoryDeduplication here = new MemoryDeduplication(new JobMemory(config, time), listener);
        Promise<Deduplication> opened = Promise.promise();
        context.runOnContext(ignored ->
                link.open().onSuccess(tried -> opened.complete(new RedisDeduplication(here, everywhere, link))));
        return opened.future();
    }

    @Override
    public Future<Optional<DuplicateOf>> seenBefore(JobEvent job, String rule, String stream) {
        DedupeKeys keys = DedupeKeys.of(job, rule, stream);
        Optional<DuplicateOf> found = here.seenHere(job, keys);
        if (found.isPresent() || keys.all().isEmpty()) {
            return Future.succeededFuture(found);
        }
        return everywhere.recall(keys).map(past -> here.told(past.flatMap(known -> DuplicateRules.judge(job, known))));
    }

    @Override
    public Optional<DuplicateOf> seenHere(JobEvent job, String rule, String stream) {
        return here.seenHere(job, rule, stream);
    }

    @Override
    public List<Done> doneHere(String id) {
        return here.doneHere(id);
    }

    @Override
    public boolean isDoneHere(JobEvent job, String rule, String stream) {
        return here.isDoneHere(job, rule, stream);
    }

    @Override
    public void done(JobEvent job, String rule, String stream, Instant startedAt) {
        Completed completed = Completed.of(job, DedupeKeys.of(job, rule, stream), startedAt);
        here.remember(completed);
        everywhere.remember(completed);
    }

    @Override
    public Future<Void> close() {
        return link.close();
    }
}
