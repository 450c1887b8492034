package org.mediawiki.jobqueue.loadtest.measure;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** This project, with its attempts traced, so that what that costs can be told beside the same without. */
final class TracedContender implements Contender {

    private final JobQueueContender contender;
    private final double ratio;
    private @Nullable SpanCollector collector;

    /** {@code ratio} is the part of the attempts that is sampled, 0 to 1. */
    TracedContender(JobQueueContender contender, double ratio) {
        this.contender = contender;
        this.ratio = ratio;
    }

    @Override
    public String name() {
        return contender.name();
    }

    @Override
    public List<String> command(Course course, int instance) throws IOException {
        SpanCollector present = collector == null ? SpanCollector.start() : collector;
        collector = present;
        ObjectNode keys = new ObjectMapper().createObjectNode();
        keys.putObject("tracing").put("endpoint", present.endpoint().toString()).put("sample_ratio", ratio);
        return contender.with(keys).command(course, instance);
    }

    @Override
    public Optional<Path> disk(Path folder, int instance) {
        return contender.disk(folder, instance);
    }

    @Override
    public void limit(Path folder, int instance, String type, int concurrency) throws IOException {
        contender.limit(folder, instance, type, concurrency);
    }

    @Override
    public void pause(Path folder, int instance, String type, boolean paused) throws IOException {
        contender.pause(folder, instance, type, paused);
    }

    @Override
    public void spoil(Path folder, int instance) throws IOException {
        contender.spoil(folder, instance);
    }

    @Override
    public void mend(Path folder, int instance) throws IOException {
        contender.mend(folder, instance);
    }

    @Override
    public Optional<URI> metrics(int adminPort) {
        return contender.metrics(adminPort);
    }

    @Override
    public void end() {
        if (collector != null) {
            collector.close();
            collector = null;
        }
    }
}
