package org.mediawiki.jobqueue.loadtest.measure;

import java.io.IOException;
import java.util.List;
import org.mediawiki.jobqueue.changeprop.embedded.EmbeddedKafka;
import org.mediawiki.jobqueue.changeprop.embedded.EmbeddedKafkaOptions;
import org.mediawiki.jobqueue.loadtest.scenario.Disturbance;
import org.mediawiki.jobqueue.loadtest.scenario.Scenario;

/**
 * The brokers of a trial, by their numbers from 1. Those of a scenario in which one is killed or stands still are
 * {@linkplain BrokerProcesses processes of their own}; others cost less in this one. Methods block, one thread at a time.
 */
interface Cluster extends AutoCloseable {

    /** Starts as many as the scenario asks for; they are ready when this returns. */
    static Cluster of(Scenario scenario, EmbeddedKafkaOptions options) throws IOException, InterruptedException {
        boolean apart = scenario.events().stream()
                .anyMatch(event -> event.what() instanceof Disturbance.KillBroker
                        || event.what() instanceof Disturbance.FreezeBroker);
        return apart ? BrokerProcesses.start(options) : new InThisProcess(EmbeddedKafka.start(options));
    }

    /** Where clients connect: {@code host:port} of every broker, running or not, separated by commas. */
    String bootstrapServers();

    /** Ends a broker cleanly. */
    void stop(int number) throws InterruptedException;

    /** {@code kill -9}. */
    void kill(int number) throws InterruptedException;

    /** Starts one that was stopped or killed. */
    void start(int number) throws IOException, InterruptedException;

    /** SIGSTOP, until it is {@linkplain #thaw thawed}. */
    void freeze(int number) throws IOException, InterruptedException;

    void thaw(int number) throws IOException, InterruptedException;

    /** Brokers that ended though nobody had asked for it, and those that did not though somebody had. */
    List<String> surprises();

    @Override
    void close();

    /** In the process of the tool. */
    record InThisProcess(EmbeddedKafka kafka) implements Cluster {

        @Override
        public String bootstrapServers() {
            return kafka.bootstrapServers();
        }

        @Override
        public void stop(int number) {
            kafka.stopBroker(number);
        }

        @Override
        public void kill(int number) {
            throw itWouldHitTheTool();
        }

        @Override
        public void start(int number) throws IOException {
            kafka.startBroker(number);
        }

        @Override
        public void freeze(int number) {
            throw itWouldHitTheTool();
        }

        @Override
        public void thaw(int number) {
            throw itWouldHitTheTool();
        }

        @Override
        public List<String> surprises() {
            return List.of();
        }

        @Override
        public void close() {
            kafka.close();
        }

        private static UnsupportedOperationException itWouldHitTheTool() {
            return new UnsupportedOperationException("a broker in this process cannot be killed, or stand still");
        }
    }
}
