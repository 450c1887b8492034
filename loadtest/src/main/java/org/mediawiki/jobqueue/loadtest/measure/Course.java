package org.mediawiki.jobqueue.loadtest.measure;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import org.mediawiki.jobqueue.loadtest.scenario.Scenario;

/**
 * What a contender is given.
 *
 * @param bootstrapServers of Kafka, with commas
 * @param dc the datacenter that prefixes the topics
 * @param types the job types that will come
 * @param target where jobs are to be posted
 * @param caFile the authority to trust
 * @param folder for the contender's files, its own
 * @param adminPort a free port, for contenders that can be asked for metrics
 * @param dispatcher limits and other settings
 * @param jvmOptions for contenders that are Java programs
 */
public record Course(
        String bootstrapServers,
        String dc,
        List<String> types,
        URI target,
        Path caFile,
        Path folder,
        int adminPort,
        Scenario.DispatcherSpec dispatcher,
        List<String> jvmOptions) {}
