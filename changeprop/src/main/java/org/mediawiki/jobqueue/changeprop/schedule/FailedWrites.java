package org.mediawiki.jobqueue.changeprop.schedule;

import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.streams.errors.ErrorHandlerContext;
import org.apache.kafka.streams.errors.ProductionExceptionHandler;

/**
 * Learns from writes that fail, and lets them fail: the transaction is lost in any case, and the application starts
 * again. Made by Kafka Streams, which is why it finds what it needs in the configuration.
 */
public final class FailedWrites implements ProductionExceptionHandler {

    static final String SIZES = "jobqueue.scheduler.refused.sizes";
    static final String DESTINATIONS = "jobqueue.scheduler.destinations";

    private RefusedSizes sizes = new RefusedSizes();
    private Destinations destinations = new NoDestinations();

    @Override
    public void configure(Map<String, ?> configs) {
        if (configs.get(SIZES) instanceof RefusedSizes shared) {
            sizes = shared;
        }
        if (configs.get(DESTINATIONS) instanceof Destinations known) {
            destinations = known;
        }
    }

    @Override
    public Response handleError(
            ErrorHandlerContext context, ProducerRecord<byte[], byte[]> record, Exception exception) {
        if (exception instanceof RecordTooLargeException) {
            sizes.refused(record.topic(), record.value() == null ? 0 : record.value().length);
        }
        if (exception instanceof UnknownTopicOrPartitionException || exception instanceof TimeoutException) {
            destinations.forget(record.topic());
        }
        return Response.fail();
    }

    private static final class NoDestinations implements Destinations {
        @Override
        public void ensure(String topic) {}

        @Override
        public void forget(String topic) {}

        @Override
        public void forgetAll() {}
    }
}
