package org.mediawiki.jobqueue.changeprop.config;

import java.net.URI;
import org.jspecify.annotations.Nullable;

/** Traces of attempts by OpenTelemetry (SPEC section 3: {@code traceparent}). */
public record TracingConfig(
        @Setting("Where spans go: an OTLP collector over HTTP, such as http://127.0.0.1:4318/v1/traces. Without it"
                + " nothing is traced.")
        @Nullable
        URI endpoint,

        @Setting(
                value = "Part of the attempts that are traced where the event does not say: 0 to 1.",
                byDefault = "0.01",
                min = 0,
                max = 1)
        double sampleRatio) {}
