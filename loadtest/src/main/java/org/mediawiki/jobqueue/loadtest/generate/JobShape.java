package org.mediawiki.jobqueue.loadtest.generate;

import java.time.Instant;
import java.util.Optional;

/**
 * What job events are to look like; start from {@link #of(String)}.
 *
 * @param type the job type
 * @param wiki the wiki they come from (default {@code enwiki}, {@code en.wiki.test})
 * @param paramsBytes about how many bytes {@code params} take (default 400)
 * @param delayUntil {@code delay_until}; absent unless set
 * @param sameness what de-duplication goes by; absent unless set
 */
public record JobShape(String type, Wiki wiki, int paramsBytes, Optional<Instant> delayUntil, Sameness sameness) {

    /**
     * A wiki.
     *
     * @param database e.g. {@code enwiki}
     * @param domain e.g. {@code en.wikipedia.org}
     */
    public record Wiki(String database, String domain) {}

    /**
     * What makes two jobs the same.
     *
     * @param sha1 {@code sha1}
     * @param root {@code root_event}
     */
    public record Sameness(Optional<String> sha1, Optional<RootEvent> root) {}

    /**
     * The event that a tree of jobs began with.
     *
     * @param signature the same for the same work
     * @param at {@code root_event.dt}; of two with the same signature the later is the newer root
     */
    public record RootEvent(String signature, Instant at) {}

    /** A small job that may run at once and is the same as no other. */
    public static JobShape of(String type) {
        return new JobShape(
                type,
                new Wiki("enwiki", "en.wiki.test"),
                400,
                Optional.empty(),
                new Sameness(Optional.empty(), Optional.empty()));
    }

    public JobShape withWiki(String database, String domain) {
        return new JobShape(type, new Wiki(database, domain), paramsBytes, delayUntil, sameness);
    }

    public JobShape withParamsBytes(int bytes) {
        return new JobShape(type, wiki, bytes, delayUntil, sameness);
    }

    public JobShape withDelayUntil(Instant time) {
        return new JobShape(type, wiki, paramsBytes, Optional.of(time), sameness);
    }

    public JobShape withSha1(String sha1) {
        return new JobShape(type, wiki, paramsBytes, delayUntil, new Sameness(Optional.of(sha1), sameness.root()));
    }

    public JobShape withRoot(String signature, Instant at) {
        RootEvent root = new RootEvent(signature, at);
        return new JobShape(type, wiki, paramsBytes, delayUntil, new Sameness(sameness.sha1(), Optional.of(root)));
    }
}
