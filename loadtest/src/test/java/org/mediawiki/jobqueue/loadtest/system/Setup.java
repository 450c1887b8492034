package org.mediawiki.jobqueue.loadtest.system;

import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What a test wants to be configured, as YAML; the {@link TestBed} adds names, brokers and ports.
 *
 * @param lanes what stands under {@code lanes:}
 * @param keys further keys of the file
 * @param kafka further keys of {@code kafka}, as pairs of a flow mapping
 * @param target further keys of the target, as pairs of a flow mapping
 * @param targets further targets: what stands under {@code targets:} beside the bed's
 * @param aim the target; the bed's own runner where it is absent
 */
record Setup(String lanes, String keys, String kafka, String target, String targets, Optional<Aim> aim) {

    /**
     * Another target than the bed's runner.
     *
     * @param uri where jobs are posted
     * @param ca the authorities to trust
     */
    record Aim(URI uri, Path ca) {}

    /** One lane for everything, with every default but an attempt's timeout. */
    static Setup plain() {
        return lanes("main: {target: mw-jobrunner}");
    }

    static Setup lanes(String yaml) {
        return new Setup(yaml, "", "first_start: earliest", "timeout: 30s", "", Optional.empty());
    }

    Setup withKeys(String yaml) {
        return new Setup(lanes, yaml, kafka, target, targets, aim);
    }

    Setup withKafka(String pairs) {
        return new Setup(lanes, keys, pairs, target, targets, aim);
    }

    Setup withTarget(String pairs) {
        return new Setup(lanes, keys, kafka, pairs, targets, aim);
    }

    Setup withTargets(String yaml) {
        return new Setup(lanes, keys, kafka, target, yaml, aim);
    }

    Setup aimedAt(URI uri, Path ca) {
        return new Setup(lanes, keys, kafka, target, targets, Optional.of(new Aim(uri, ca)));
    }
}
