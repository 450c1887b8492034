package org.mediawiki.jobqueue.changeprop.metrics;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.logging.LogbackMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.core.instrument.config.MeterFilter;

/**
 * The meters of the process: what it was built as, the lines that it logged, memory, collections, threads, classes,
 * files, CPU, uptime. Close it with the registry: some of them listen.
 */
public final class ProcessMeters implements AutoCloseable {

    private final JvmGcMetrics collections = new JvmGcMetrics();
    private final LogbackMetrics logLines = new LogbackMetrics();

    private ProcessMeters() {}

    /** Adds them to {@code registry}, once for each and before any other meter. They are read when it is scraped. */
    public static ProcessMeters bindTo(MeterRegistry registry, String version) {
        // Their names break Prometheus' conventions; process_cpu_usage says the same as the first.
        registry.config().meterFilter(MeterFilter.denyNameStartsWith("process.cpu.time"));
        registry.config().meterFilter(MeterFilter.denyNameStartsWith("system.cpu.count"));
        ProcessMeters meters = new ProcessMeters();
        meters.collections.bindTo(registry);
        meters.logLines.bindTo(registry);
        new ClassLoaderMetrics().bindTo(registry);
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
        new FileDescriptorMetrics().bindTo(registry);
        Gauge.builder("jobqueue.build.info", () -> 1)
                .description("What this process was built as; always 1.")
                .tags("version", version, "java", Runtime.version().toString())
                .register(registry);
        return meters;
    }

    @Override
    public void close() {
        collections.close();
        logLines.close();
    }
}
