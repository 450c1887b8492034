package org.mediawiki.jobqueue.helm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mediawiki.jobqueue.helm.Samples.EMBEDDED;

import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.mediawiki.jobqueue.changeprop.config.Configuration;

/** A whole queue for one small wiki: {@code kafka.mode: embedded}. */
class EmbeddedTest {

    @Test
    void isOnePodWithAVolumeThatStays() {
        Manifests manifests = Chart.render("wiki", EMBEDDED);
        StatefulSet set = manifests.only(StatefulSet.class);
        PodTemplateSpec pod = set.getSpec().getTemplate();

        assertThat(manifests.mistakes()).isEmpty();
        assertThat(References.dangling(manifests)).isEmpty();
        assertThat(manifests.all(Deployment.class)).isEmpty();
        assertThat(manifests.all(PodDisruptionBudget.class)).isEmpty();
        assertThat(set.getSpec().getReplicas()).isEqualTo(1);
        assertThat(Manifests.container(pod).getArgs())
                .containsExactly("standalone", "--config=/etc/jobqueue/jobqueue.yaml");
        assertThat(set.getSpec().getVolumeClaimTemplates())
                .singleElement()
                .satisfies(claim -> assertThat(claim.getSpec().getResources().getRequests())
                        .containsEntry("storage", Quantity.parse("10Gi")));
        assertThat(pod.getSpec().getVolumes()).extracting(Volume::getName).doesNotContain("state");
        assertThat(manifests.all(Service.class)).hasSize(2);
    }

    /** Nobody else can take a post: it waits for the pod's Kafka, or in what the pod does until it ends. */
    @Test
    void postsComeToThePodAsLongAsItIsThere() {
        Manifests manifests = Chart.render("wiki", EMBEDDED);

        assertThat(manifests.service("jobqueue-wiki-intake").getSpec().getPublishNotReadyAddresses())
                .isTrue();
        assertThat(Manifests.container(manifests.pods().get(0)).getLifecycle()).isNull();
    }

    @Test
    void theServiceTakesTheConfigurationAndKeepsEverythingInTheVolume() {
        Configuration configuration =
                Configurations.parseStandalone(Chart.render("wiki", EMBEDDED).configuration());

        assertThat(configuration.standalone().folder()).isEqualTo(Path.of("/var/lib/jobqueue"));
        assertThat(configuration.scheduler().folder()).isEqualTo(Path.of("/var/lib/jobqueue/scheduler"));
    }

    @Test
    void theIntakeListensWhereMediaWikiReachesIt() {
        String configuration = Chart.render("wiki", EMBEDDED).configuration();

        assertThat(Samples.yaml(configuration).path("intake"))
                .isEqualTo(Samples.yaml("{enabled: true, host: 0.0.0.0}"));
    }
}
