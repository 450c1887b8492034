package org.mediawiki.jobqueue.helm;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What names of one object mean in another: a cluster takes some of them that lead nowhere, and then nothing works. */
final class References {

    /** RFC 1123, as Kubernetes asks for in most names. */
    private static final Pattern NAME = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");

    private static final Pattern LABEL = Pattern.compile("([A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?)?");

    /** What the chart makes itself begins like that; other ConfigMaps are made by others. */
    private static final String OURS = "jobqueue-";

    private final Manifests manifests;
    private final List<String> found = new ArrayList<>();

    private References(Manifests manifests) {
        this.manifests = manifests;
    }

    /** Each that leads nowhere, said in words; also names that Kubernetes does not take, and whatever stands there twice. */
    static List<String> dangling(Manifests manifests) {
        References references = new References(manifests);
        references.once("the release", manifests.names());
        manifests.objects().forEach(references::named);
        manifests.all(Deployment.class).forEach(references::workload);
        manifests.all(StatefulSet.class).forEach(references::workload);
        manifests.all(Service.class).forEach(references::service);
        manifests.texts().forEach(references::selecting);
        return references.found;
    }

    private void named(HasMetadata object) {
        String name = object.getMetadata().getName();
        if (!NAME.matcher(name).matches()) {
            found.add(name + ": is no name");
        }
        Map<String, String> labels =
                Objects.requireNonNullElse(object.getMetadata().getLabels(), Map.of());
        labels.values().stream()
                .filter(value -> !LABEL.matcher(value).matches())
                .forEach(value -> found.add(name + ": " + value + " is no label"));
    }

    private void workload(Deployment deployment) {
        String name = deployment.getMetadata().getName();
        selects(name, deployment.getSpec().getSelector(), deployment.getSpec().getTemplate());
        pod(name, deployment.getSpec().getTemplate().getSpec(), List.of());
    }

    private void workload(StatefulSet set) {
        String name = set.getMetadata().getName();
        selects(name, set.getSpec().getSelector(), set.getSpec().getTemplate());
        pod(name, set.getSpec().getTemplate().getSpec(), set.getSpec().getVolumeClaimTemplates());
    }

    private void selects(String name, LabelSelector selector, PodTemplateSpec pod) {
        if (!hasLabels(pod, selector.getMatchLabels())) {
            found.add(name + ": selects no pod of its own");
        }
    }

    private void pod(String name, PodSpec pod, List<PersistentVolumeClaim> claims) {
        Set<String> volumes = Stream.concat(
                        pod.getVolumes().stream().map(Volume::getName),
                        claims.stream().map(claim -> claim.getMetadata().getName()))
                .collect(Collectors.toSet());
        List<Container> containers = Stream.concat(pod.getInitContainers().stream(), pod.getContainers().stream())
                .toList();
        once(name, pod.getVolumes().stream().map(Volume::getName).toList());
        once(name, containers.stream().map(Container::getName).toList());
        once(name, containers.stream().flatMap(References::portNames).toList());
        containers.forEach(container -> container(name, container, volumes));
        pod.getVolumes().stream()
                .filter(volume -> volume.getConfigMap() != null)
                .map(volume -> volume.getConfigMap().getName())
                .filter(map -> map.startsWith(OURS) && !maps().contains(map))
                .forEach(map -> found.add(name + ": no ConfigMap " + map));
    }

    private void container(String name, Container container, Set<String> volumes) {
        once(
                name,
                container.getEnv().stream().map(variable -> variable.getName()).toList());
        once(
                name,
                container.getVolumeMounts().stream()
                        .map(VolumeMount::getMountPath)
                        .toList());
        container.getVolumeMounts().stream()
                .map(VolumeMount::getName)
                .filter(volume -> !volumes.contains(volume))
                .forEach(volume -> found.add(name + ": no volume " + volume));
        Set<String> ports = portNames(container).collect(Collectors.toSet());
        Stream.of(container.getStartupProbe(), container.getLivenessProbe(), container.getReadinessProbe())
                .filter(Objects::nonNull)
                .map(Probe::getHttpGet)
                .map(get -> get.getPort().getStrVal())
                .filter(port -> port != null && !ports.contains(port))
                .forEach(port -> found.add(name + ": no port " + port));
    }

    private static Stream<String> portNames(Container container) {
        return container.getPorts().stream().map(ContainerPort::getName);
    }

    private void service(Service service) {
        String name = service.getMetadata().getName();
        Set<String> ports = manifests.pods().stream()
                .filter(pod -> hasLabels(pod, service.getSpec().getSelector()))
                .flatMap(pod -> pod.getSpec().getContainers().stream())
                .flatMap(References::portNames)
                .collect(Collectors.toSet());
        service.getSpec().getPorts().stream()
                .map(ServicePort::getTargetPort)
                .map(target -> target.getStrVal())
                .filter(port -> !ports.contains(port))
                .forEach(port -> found.add(name + ": no pod has the port " + port));
    }

    /** Budgets, policies, scalers and monitors, by where each says what it is for. */
    private void selecting(JsonNode object) {
        String name = object.at("/metadata/name").asText();
        JsonNode labels = switch (object.path("kind").asText()) {
            case "PodDisruptionBudget" -> object.at("/spec/selector/matchLabels");
            case "NetworkPolicy" -> object.at("/spec/podSelector/matchLabels");
            default -> object.path("none");
        };
        if (labels.isObject() && manifests.pods().stream().noneMatch(pod -> hasLabels(pod, texts(labels)))) {
            found.add(name + ": selects no pod");
        }
        String workload = object.at("/spec/scaleTargetRef/name").asText();
        if (!workload.isEmpty() && !manifests.names().contains("Deployment/" + workload)) {
            found.add(name + ": no workload " + workload);
        }
    }

    private static Map<String, String> texts(JsonNode labels) {
        return labels.properties().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, entry -> entry.getValue().asText()));
    }

    private static boolean hasLabels(PodTemplateSpec pod, Map<String, String> wanted) {
        return pod.getMetadata().getLabels().entrySet().containsAll(wanted.entrySet());
    }

    private Set<String> maps() {
        return manifests.all(ConfigMap.class).stream()
                .map(map -> map.getMetadata().getName())
                .collect(Collectors.toSet());
    }

    private void once(String where, List<String> names) {
        Set<String> seen = new HashSet<>();
        names.stream().filter(name -> !seen.add(name)).forEach(name -> found.add(where + ": " + name + " twice"));
    }
}
