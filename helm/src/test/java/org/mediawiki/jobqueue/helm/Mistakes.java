package org.mediawiki.jobqueue.helm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeType;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What Kubernetes would not take of an object, or would drop silently: fields that its kind does not have, and values of
 * another type, which the model's classes would bend into shape.
 */
final class Mistakes {

    /**
     * The fields of kinds that no class models, as far as the chart may use them, from the documentation of their custom
     * resources. Below a path that ends in {@code *} anything may stand.
     */
    private static final Map<String, Set<String>> UNMODELLED = Map.of(
            "keda.sh/v1alpha1 ScaledObject",
            Set.of(
                    "spec.scaleTargetRef.name",
                    "spec.pollingInterval",
                    "spec.advanced.horizontalPodAutoscalerConfig.behavior.scaleUp.stabilizationWindowSeconds",
                    "spec.advanced.horizontalPodAutoscalerConfig.behavior.scaleUp.policies[].type",
                    "spec.advanced.horizontalPodAutoscalerConfig.behavior.scaleUp.policies[].value",
                    "spec.advanced.horizontalPodAutoscalerConfig.behavior.scaleUp.policies[].periodSeconds",
                    "spec.advanced.horizontalPodAutoscalerConfig.behavior.scaleDown.stabilizationWindowSeconds",
                    "spec.advanced.horizontalPodAutoscalerConfig.behavior.scaleDown.policies[].type",
                    "spec.advanced.horizontalPodAutoscalerConfig.behavior.scaleDown.policies[].value",
                    "spec.advanced.horizontalPodAutoscalerConfig.behavior.scaleDown.policies[].periodSeconds",
                    "spec.minReplicaCount",
                    "spec.maxReplicaCount",
                    "spec.triggers[].type",
                    "spec.triggers[].authenticationRef.name",
                    "spec.triggers[].metadata.bootstrapServers",
                    "spec.triggers[].metadata.consumerGroup",
                    "spec.triggers[].metadata.lagThreshold",
                    "spec.triggers[].metadata.allowIdleConsumers",
                    "spec.triggers[].metadata.tls"),
            "crd.projectcalico.org/v1 NetworkPolicy",
            Set.of(
                    "spec.selector",
                    "spec.types[]",
                    "spec.egress[].action",
                    "spec.egress[].destination.services.name",
                    "spec.egress[].destination.services.namespace"));

    private final List<String> found = new ArrayList<>();

    private Mistakes() {}

    /**
     * @param object what the model makes of the text
     * @param text what was rendered
     */
    static List<String> of(HasMetadata object, JsonNode text) {
        Mistakes mistakes = new Mistakes();
        if (object instanceof GenericKubernetesResource) {
            mistakes.unmodelled(object, text);
        } else {
            UnknownFields.of(object).forEach(path -> mistakes.found.add(path + " is no field"));
            mistakes.compare(text, Manifests.json(object), "");
        }
        return mistakes.found.stream()
                .map(mistake -> object.getKind() + ": " + mistake)
                .toList();
    }

    private void unmodelled(HasMetadata object, JsonNode text) {
        Set<String> fields = UNMODELLED.get(object.getApiVersion() + " " + object.getKind());
        if (fields == null) {
            found.add("nobody knows its fields");
            return;
        }
        leaves(text.path("spec"), "spec", fields);
    }

    private void leaves(JsonNode node, String path, Set<String> fields) {
        if (node.isObject()) {
            node.properties().forEach(entry -> leaves(entry.getValue(), path + "." + entry.getKey(), fields));
        } else if (node.isArray()) {
            node.forEach(item -> leaves(item, path + "[]", fields));
        } else if (!fields.contains(path)) {
            found.add(path + " is no field");
        }
    }

    /** Whatever was written stands in the model as it was written; what is empty may be missing there. */
    private void compare(JsonNode written, JsonNode understood, String path) {
        if (written.isObject()) {
            written.properties().forEach(entry -> {
                String here = path.isEmpty() ? entry.getKey() : path + "." + entry.getKey();
                compare(entry.getValue(), understood.path(entry.getKey()), here);
            });
        } else if (written.isArray()) {
            for (int i = 0; i < written.size(); i++) {
                compare(written.get(i), understood.path(i), path + "[]");
            }
        } else if (!written.isNull() && !isSame(written, understood)) {
            found.add(path + " is of another type: " + written + ", not " + understood);
        }
    }

    private static boolean isSame(JsonNode written, JsonNode understood) {
        JsonNodeType type = understood.getNodeType();
        return written.getNodeType() == type && written.asText().equals(understood.asText());
    }
}
