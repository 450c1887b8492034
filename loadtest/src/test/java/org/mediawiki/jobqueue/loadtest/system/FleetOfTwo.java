package org.mediawiki.jobqueue.loadtest.system;

import java.time.Clock;
import java.util.List;
import org.mediawiki.jobqueue.loadtest.generate.JobEvent;
import org.mediawiki.jobqueue.loadtest.generate.JobEvents;
import org.mediawiki.jobqueue.loadtest.generate.JobShape;

/** Two instances that operators may turn something on, and what they do it with. */
final class FleetOfTwo implements AutoCloseable {

    private static final int SEED = 17;

    private final TestBed bed = new TestBed();
    private final JobEvents events = new JobEvents(SEED, Clock.systemUTC());
    private final Api first;
    private final Api second;

    /** {@code jobs} is the lane's {@code jobs} in YAML; {@code types} have topics from the beginning. */
    FleetOfTwo(String jobs, String... types) {
        bed.createTopics(types);
        Setup setup = Setup.lanes("main: {target: mw-jobrunner, jobs: {" + jobs + "}}")
                .withKeys(Api.ADMIN);
        first = Api.of(bed.start(setup));
        second = Api.of(bed.start(setup));
    }

    TestBed bed() {
        return bed;
    }

    Api first() {
        return first;
    }

    Api second() {
        return second;
    }

    /** The commands, by way of the first instance. */
    JobsCli cli() {
        return new JobsCli(first, Api.TOKEN);
    }

    /** Has MediaWiki enqueue as many jobs of a type. */
    List<JobEvent> enqueue(String type, int count) {
        return enqueue(JobShape.of(type), count);
    }

    List<JobEvent> enqueue(JobShape shape, int count) {
        List<JobEvent> jobs = events.next(count, shape);
        bed.produce(jobs);
        return jobs;
    }

    @Override
    public void close() {
        bed.close();
    }
}
