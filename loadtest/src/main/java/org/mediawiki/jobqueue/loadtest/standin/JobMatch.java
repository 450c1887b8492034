package org.mediawiki.jobqueue.loadtest.standin;

import java.util.Set;

/** Which requests a rule is for. Pure; called on the stand-in's event loops. */
@FunctionalInterface
public interface JobMatch {

    boolean matches(JobRequest request);

    /** Both. */
    default JobMatch and(JobMatch other) {
        return request -> matches(request) && other.matches(request);
    }

    /** Either. */
    default JobMatch or(JobMatch other) {
        return request -> matches(request) || other.matches(request);
    }

    /** Every request. */
    static JobMatch any() {
        return request -> true;
    }

    /** Jobs of this type. */
    static JobMatch type(String type) {
        return request -> request.event().type().equals(type);
    }

    /** Jobs of this wiki ({@code database}). */
    static JobMatch wiki(String wiki) {
        return request -> request.event().wiki().equals(wiki);
    }

    /** The jobs with these {@code meta.id}s. */
    static JobMatch id(String... ids) {
        Set<String> wanted = Set.of(ids);
        return request -> wanted.contains(request.event().id());
    }

    /** The first so many attempts of every job: what follows is for a rule that was added before. */
    static JobMatch firstAttempts(int count) {
        return request -> request.attempt() <= count;
    }

    /** Bodies of more than so many bytes. */
    static JobMatch largerThan(int bytes) {
        return request -> request.bytes() > bytes;
    }
}
