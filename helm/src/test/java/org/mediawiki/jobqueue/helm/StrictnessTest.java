package org.mediawiki.jobqueue.helm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** That the other tests would see a mistake in a template: each is made here on purpose. */
class StrictnessTest {

    private static final String WHOLE = Samples.MINIMAL + """
              intake: {enabled: true}
            workload: {autoscaling: {kind: keda}}
            networkPolicy: {externalServices: {kafka: [main-eqiad]}}
            monitoring: {scrape: serviceMonitor, rules: {enabled: true}}
            """;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                // What is no field of its kind, at any depth and of any kind, also of those that nobody models.
                "terminationGracePeriodSeconds: | terminationGraceSeconds: | Deployment: spec.template.spec.terminationGraceSeconds is no field",
                "readOnlyRootFilesystem: | readOnlyRootFileSystem: | Deployment: spec.template.spec.containers[].securityContext.readOnlyRootFileSystem is no field",
                "{preStop: {sleep: | {preStop: {nap: | Deployment: spec.template.spec.containers[].lifecycle.preStop.nap is no field",
                "maxUnavailable: 1 | maxUnavailible: 1 | PodDisruptionBudget: spec.maxUnavailible is no field",
                "policyTypes: | policies: | NetworkPolicy: spec.policies is no field",
                "endpoints: | endpoint: | ServiceMonitor: spec.endpoint is no field",
                "expr: absent | expression: absent | PrometheusRule: spec.groups[].rules[].expression is no field",
                "consumerGroup: | group: | ScaledObject: spec.triggers[].metadata.group is no field",
                "pollingInterval: | pollInterval: | ScaledObject: spec.pollInterval is no field",
                "action: Allow | verdict: Allow | NetworkPolicy: spec.egress[].verdict is no field",
                // What Kubernetes would not take for what it is.
                "terminationGracePeriodSeconds: 50 | terminationGracePeriodSeconds: '50' | Deployment: spec.template.spec.terminationGracePeriodSeconds is of another type",
                "automountServiceAccountToken: false | automountServiceAccountToken: 'false' | is of another type",
                "containerPort: 9102 | containerPort: '9102' | Deployment: spec.template.spec.containers[].ports[].containerPort is of another type",
                // A kind of which nobody knows the fields.
                "kind: ScaledObject | kind: ScaledJob | ScaledJob: nobody knows its fields",
            })
    void aMistakeInATemplateIsFound(String right, String wrong, String found) {
        String rendered = Chart.text("main", WHOLE);
        assertThat(rendered).contains(right);

        Manifests manifests = Manifests.parse(rendered.replace(right, wrong.replace("'", "\"")));

        assertThat(manifests.mistakes())
                .anySatisfy(mistake -> assertThat(mistake).contains(found));
        assertThat(Manifests.parse(rendered).mistakes()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{name: tmp, mountPath: /tmp} | {name: temp, mountPath: /tmp} | jobqueue-main-main: no volume temp",
                "targetPort: admin} | targetPort: adm} | jobqueue-main: no pod has the port adm",
                "path: /startedz, port: admin | path: /startedz, port: http | jobqueue-main-main: no port http",
                "scaleTargetRef: {name: jobqueue-main-main} | scaleTargetRef: {name: jobqueue-main} | jobqueue-main-main: no workload jobqueue-main",
                "name: jobqueue-main-config} | name: jobqueue-config} | jobqueue-main-main: no ConfigMap jobqueue-config",
                "name: JAVA_TOOL_OPTIONS | name: POD_NAME | jobqueue-main-main: POD_NAME twice",
                "jobqueue/lane: main | jobqueue/lane: other | jobqueue-main-main: selects no pod",
            })
    void whatRefersToNothingIsFound(String right, String wrong, String found) {
        String rendered = Chart.text("main", WHOLE);
        assertThat(rendered).contains(right);

        String broken = rendered.replaceFirst(Pattern.quote(right), wrong);

        assertThat(References.dangling(Manifests.parse(broken)))
                .anySatisfy(dangling -> assertThat(dangling).contains(found));
    }

    @Test
    void aKeyThatIsWrittenTwiceFails() {
        String twice = Chart.text("main", WHOLE).replaceFirst("spec:\n", "spec:\n  type: NodePort\n  type: NodePort\n");

        assertThatThrownBy(() -> Manifests.parse(twice)).hasMessageContaining("found duplicate key type");
    }
}
