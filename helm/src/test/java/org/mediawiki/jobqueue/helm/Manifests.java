package org.mediawiki.jobqueue.helm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * What Helm rendered, as objects of Kubernetes.
 *
 * @param objects in Helm's order
 * @param texts each as it was written
 */
record Manifests(List<HasMetadata> objects, List<JsonNode> texts) {

    private static final KubernetesSerialization KUBERNETES = new KubernetesSerialization();
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Reads them; a key written twice, which Kubernetes would not take, fails. */
    static Manifests parse(String yaml) {
        LoaderOptions strict = new LoaderOptions();
        strict.setAllowDuplicateKeys(false);
        List<HasMetadata> objects = new ArrayList<>();
        List<JsonNode> texts = new ArrayList<>();
        for (Object document : new Yaml(new SafeConstructor(strict)).loadAll(yaml)) {
            if (document != null) {
                objects.add(KUBERNETES.unmarshal(KUBERNETES.asYaml(document)));
                texts.add(json(document));
            }
        }
        return new Manifests(objects, texts);
    }

    <T extends HasMetadata> List<T> all(Class<T> kind) {
        return objects.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    <T extends HasMetadata> T only(Class<T> kind) {
        List<T> found = all(kind);
        if (found.size() != 1) {
            throw new AssertionError(found.size() + " of " + kind.getSimpleName() + " in " + names());
        }
        return found.get(0);
    }

    Deployment deployment(String name) {
        return all(Deployment.class).stream()
                .filter(deployment -> deployment.getMetadata().getName().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no deployment " + name + " in " + names()));
    }

    Service service(String name) {
        return all(Service.class).stream()
                .filter(service -> service.getMetadata().getName().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no service " + name + " in " + names()));
    }

    List<GenericKubernetesResource> generic(String kind) {
        return all(GenericKubernetesResource.class).stream()
                .filter(resource -> resource.getKind().equals(kind))
                .toList();
    }

    /** The pods of every workload. */
    List<PodTemplateSpec> pods() {
        return Stream.concat(
                        all(Deployment.class).stream()
                                .map(deployment -> deployment.getSpec().getTemplate()),
                        all(StatefulSet.class).stream().map(set -> set.getSpec().getTemplate()))
                .toList();
    }

    /** The service's container of a pod. */
    static Container container(PodTemplateSpec pod) {
        return pod.getSpec().getContainers().get(0);
    }

    static EnvVar variable(PodTemplateSpec pod, String name) {
        return container(pod).getEnv().stream()
                .filter(variable -> variable.getName().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no variable " + name));
    }

    /** The service's configuration, as its pods find it. */
    String configuration() {
        return all(ConfigMap.class).stream()
                .filter(map -> map.getMetadata().getName().endsWith("-config"))
                .map(map -> Objects.requireNonNull(map.getData().get("jobqueue.yaml")))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no configuration in " + names()));
    }

    List<String> names() {
        return objects.stream()
                .map(object -> object.getKind() + "/" + object.getMetadata().getName())
                .toList();
    }

    /** What Kubernetes would refuse or drop, as paths: what a typing mistake becomes. */
    List<String> mistakes() {
        List<String> mistakes = new ArrayList<>();
        for (int i = 0; i < objects.size(); i++) {
            mistakes.addAll(Mistakes.of(objects.get(i), texts.get(i)));
        }
        return mistakes;
    }

    static JsonNode json(Object object) {
        return JSON.valueToTree(object);
    }
}
