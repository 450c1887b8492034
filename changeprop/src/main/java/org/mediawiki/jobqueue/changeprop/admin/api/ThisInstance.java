package org.mediawiki.jobqueue.changeprop.admin.api;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.mediawiki.jobqueue.changeprop.schedule.WaitingJobs;
import org.mediawiki.jobqueue.changeprop.status.History.Point;
import org.mediawiki.jobqueue.changeprop.status.Status;
import org.mediawiki.jobqueue.changeprop.status.TypeKey;

/** What this process knows of itself, and whom it knows. Any thread; nothing blocks but {@link #waitingJobs}. */
public interface ThisInstance {

    String name();

    /** What is going on here now. */
    Future<Status> status();

    /** The types that have a past. */
    List<TypeKey> types();

    /** The last hour of a type here. */
    List<Point> points(TypeKey type);

    /** The jobs that wait for a time and are kept here; reads the disk. */
    WaitingJobs waitingJobs();

    /** Where jobs with this {@code meta.id} or request id are in memory here. */
    Future<List<Sighting>> sightings(String id);

    /** What is remembered here to have been done under this {@code meta.id}, for the sake of duplicates. */
    Future<List<Done>> done(String id);

    /** The other instances that are alive. */
    List<Peer> others();

    /**
     * Another instance as it was when the fleet heard of it last, for one that does not answer.
     *
     * @param trouble why it is not asked itself; shown with it
     * @return empty where nothing is known of it, or it has ended
     */
    Optional<Status> lastKnown(String instance, String trouble);

    /** Sends a job to a configured target once, as it is; what it answered. Empty where there is no such target. */
    Optional<Future<Trial>> tryOn(String target, TrialJob job);

    /** The names of the configured targets. */
    List<String> targets();

    /**
     * Another instance.
     *
     * @param admin where its admin port is
     */
    record Peer(String instance, URI admin) {}

    /**
     * A job in memory.
     *
     * @param state {@code running}, {@code waiting} for a slot, or {@code delayed} for seconds
     * @param since when its attempt began, or when it was created where none has
     */
    record Sighting(
            String instance, String state, String type, String wiki, String jobId, String requestId, Instant since) {}

    /**
     * A job that is done.
     *
     * @param domain of its wiki
     * @param startedAt when the attempt began that did it
     */
    record Done(String instance, String type, String domain, Instant startedAt) {}

    /** A job to be tried. */
    record TrialJob(String type, String wiki, String domain, String requestId, String triggeredBy, Buffer body) {}

    /**
     * What came of a trial.
     *
     * @param outcome {@code answered}, {@code not_sent}, {@code lost} or {@code timed_out}
     * @param status of the answer; 0 where there was none
     * @param body of the answer, or why there was none
     */
    record Trial(String outcome, int status, Map<String, String> headers, String body, double seconds) {}
}
