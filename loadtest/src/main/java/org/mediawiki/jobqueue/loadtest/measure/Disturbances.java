package org.mediawiki.jobqueue.loadtest.measure;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.mediawiki.jobqueue.loadtest.fault.FaultControl;
import org.mediawiki.jobqueue.loadtest.scenario.Disturbance;
import org.mediawiki.jobqueue.loadtest.scenario.EventSpec;
import org.mediawiki.jobqueue.loadtest.scenario.Scenario;
import org.mediawiki.jobqueue.loadtest.standin.StandInRunner;

/** Carries out the events of a scenario, in time, on a thread of its own, and notes when processes were cut. */
final class Disturbances {

    /** That of the service, three quarters of its session timeout of 6 s, and what it takes until a job arrives. */
    private static final Duration LEASE = Duration.ofSeconds(5);

    /**
     * Whoever stands still for less, or is cut off for less and has a second to connect again, has its session still: nothing of it
     * may run elsewhere.
     */
    private static final Duration SHORT_FREEZE = Duration.ofSeconds(5);

    private static final Duration SHORT_DISCONNECTION = Duration.ofMillis(3_500);

    private final Scenario scenario;
    private final Cluster kafka;
    private final Passages passages;
    private final Machines machines;
    private final StandInRunner runner;
    private final List<Instance> instances;
    private final Settings settings;
    private final Timetable timetable;
    private final Thread thread = new Thread(this::run, "disturbances");

    /** Written by the thread, read after {@link #end}: kills, freezes and broken connections, by the ledger's clock. */
    private final List<Cut> cuts = new ArrayList<>();

    private long beginNanos;

    /**
     * From {@code fromNanos} to {@code toNanos} a process stood still or connections broke: what was in flight may run again.
     *
     * @param instance whose; {@link Contender#UNKNOWN} for all
     * @param startsUntilNanos what the instance begins later has no excuse
     */
    record Cut(int instance, long fromNanos, long toNanos, long startsUntilNanos) {

        /** Connections to runners broke, or a process was killed: it began nothing afterwards. */
        Cut(int instance, long fromNanos, long toNanos) {
            this(instance, fromNanos, toNanos, toNanos);
        }

        /** The group did not hear of an instance, which may begin jobs only as long as its lease lasts. */
        static Cut silence(int instance, long fromNanos, long toNanos) {
            return new Cut(instance, fromNanos, toNanos, Math.min(toNanos, fromNanos + LEASE.toNanos()));
        }

        /** Whether it was this instance that was cut, as far as is known. */
        boolean isOf(int other) {
            return instance == other || instance == Contender.UNKNOWN || other == Contender.UNKNOWN;
        }

        /** Whether what lasted from {@code start} to {@code end} was under way when it began. */
        boolean hit(long start, long end) {
            return start <= fromNanos && end > fromNanos;
        }
    }

    Disturbances(Scenario scenario, List<Instance> instances, Environment environment, Settings settings) {
        this.scenario = scenario;
        this.kafka = environment.kafka();
        this.passages = environment.passages();
        this.machines = environment.machines();
        this.runner = environment.runner();
        this.instances = instances;
        this.settings = settings;
        this.timetable = new Timetable(runner.ledger()::nowNanos);
        scenario.events().forEach(event -> event.what().match(new Plan(event)));
        thread.setDaemon(true);
    }

    /** The load begins. */
    void start(long beginNanos) {
        this.beginNanos = beginNanos;
        thread.start();
    }

    /** Forgets what has not happened yet. */
    void end() throws InterruptedException {
        thread.interrupt();
        thread.join();
    }

    List<Cut> cuts() {
        return cuts;
    }

    /** What happened, and when; asked after {@link #end}. */
    List<EventSpec> happened() {
        return timetable.asTheyHappened(beginNanos);
    }

    /** What did not happen as it was to; asked after {@link #end}. */
    List<String> failures() {
        return timetable.failures();
    }

    /** Lays down how the runner answers when nothing is the matter. */
    static void lay(StandInRunner runner, List<JsonNode> rules) {
        runner.rules().clear();
        rules.forEach(rule -> runner.addRule(new JsonObject(rule.toString())));
    }

    /** What is to be done when an event begins, and when it ends. */
    private final class Plan implements Disturbance.Cases {

        private final EventSpec event;

        Plan(EventSpec event) {
            this.event = event;
        }

        @Override
        public void kill(int instance) {
            begin(() -> {
                long now = runner.ledger().nowNanos();
                instances.get(instance).kill();
                cuts.add(new Cut(instance, now, runner.ledger().nowNanos()));
            });
        }

        @Override
        public void stop(int instance) {
            begin(instances.get(instance)::stop);
        }

        @Override
        public void start(int instance) {
            begin(instances.get(instance)::start);
        }

        @Override
        public void freeze(int instance) {
            begin(() -> {
                instances.get(instance).signal("STOP");
                silentWhileItLasts(instance, SHORT_FREEZE);
            });
            end(() -> {
                instances.get(instance).signal("CONT");
                if (event.during().compareTo(SHORT_FREEZE) > 0) {
                    // It may have stood still between its look at the lease and the very write.
                    long now = runner.ledger().nowNanos();
                    cuts.add(new Cut(instance, now, now));
                }
            });
        }

        @Override
        public void disconnect(int instance) {
            begin(() -> {
                passages.of(instance).cut();
                silentWhileItLasts(instance, SHORT_DISCONNECTION);
            });
            end(() -> passages.of(instance).mend());
        }

        @Override
        public void answer(JsonNode rule) {
            begin(() -> {
                runner.addRule(new JsonObject(rule.toString()));
                // Over HTTP/2 a connection that is closed takes the requests along that were to be answered otherwise.
                if (rule.path("answer").asText().equals("disconnect")) {
                    long now = runner.ledger().nowNanos();
                    cuts.add(
                            new Cut(Contender.UNKNOWN, now, now + event.during().toNanos()));
                }
            });
            end(() -> lay(runner, scenario.runner().rules()));
        }

        @Override
        public void refuse() {
            begin(() -> {
                // What is in flight may have run, as far as anybody can tell.
                long now = runner.ledger().nowNanos();
                runner.refuseConnections();
                cuts.add(new Cut(Contender.UNKNOWN, now, runner.ledger().nowNanos()));
            });
            end(runner::acceptConnections);
        }

        @Override
        public void broker(int number) {
            begin(() -> kafka.stop(number));
            end(() -> kafka.start(number));
        }

        @Override
        public void killBroker(int number) {
            begin(() -> kafka.kill(number));
            end(() -> kafka.start(number));
        }

        @Override
        public void freezeBroker(int number) {
            begin(() -> kafka.freeze(number));
            end(() -> kafka.thaw(number));
        }

        @Override
        public void limit(Disturbance.Limit limit) {
            int standing = scenario.dispatcher()
                    .limitOf(limit.type())
                    .orElseThrow(() -> new IllegalArgumentException(limit.type() + " has no limit that could change"));
            begin(() -> settings.limit(limit.type(), limit.concurrency()));
            end(() -> settings.limit(limit.type(), standing));
        }

        @Override
        public void pause(String type) {
            begin(() -> settings.pause(type, true));
            end(() -> settings.pause(type, false));
        }

        @Override
        public void badFile(int instance) {
            begin(() -> settings.spoil(instance));
            end(() -> settings.mend(instance));
        }

        @Override
        public void fullDisk(int instance) {
            machines.diskOf(instance).ifPresent(disk -> {
                begin(disk::fill);
                end(disk::relieve);
            });
        }

        @Override
        public void slowDisk(int instance, Duration by) {
            FaultControl faults = machines.faultsOf(instance);
            begin(() -> faults.diskDelay(by));
            end(() -> faults.diskDelay(Duration.ZERO));
        }

        @Override
        public void clock(int instance, Duration by) {
            FaultControl faults = machines.faultsOf(instance);
            begin(() -> faults.clock(by));
            end(() -> faults.clock(Duration.ZERO));
        }

        private void silentWhileItLasts(int instance, Duration unnoticed) {
            if (event.during().compareTo(unnoticed) > 0) {
                long now = runner.ledger().nowNanos();
                cuts.add(Cut.silence(instance, now, now + event.during().toNanos()));
            }
        }

        private void begin(Timetable.Act act) {
            timetable.begin(event, act);
        }

        private void end(Timetable.Act act) {
            timetable.end(event, act);
        }
    }

    private void run() {
        timetable.run(beginNanos);
    }
}
