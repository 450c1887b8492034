package org.mediawiki.jobqueue.changeprop.convert;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.mediawiki.jobqueue.changeprop.convert.Difference.Kind;

/** The request of a rule: it must be the one that we send, the event itself to the job endpoint. */
final class ExecBlock {

    private static final String PARTITIONER = "/sys/partition";

    private ExecBlock() {}

    /** Where the rule posts events; empty where that was refused. */
    static Optional<URI> read(Block rule) {
        List<Block> requests = rule.blocks("exec");
        if (requests.size() != 1) {
            rule.findings().refuse(rule.at("exec"), "must be one request", "a job is run by one POST of its event");
            return Optional.empty();
        }
        Block request = requests.get(0);
        String method = request.text("method").orElse("get").toLowerCase(Locale.ROOT);
        if (!method.equals("post")) {
            request.findings().refuse(request.at("method"), "must be post, not " + method, "jobs are posted");
        }
        headers(request);
        String body = request.text("body").orElse("");
        if (!body.matches("\\{\\{ *(globals\\.)?message *}}")) {
            request.findings()
                    .refuse(
                            request.at("body"),
                            "must be {{globals.message}}",
                            "the event is sent as it is, byte by byte");
        }
        request.pass(
                Kind.ACT, "timeout", "A timeout of the request; write it as `timeout` of the job type, with a unit.");
        Block agent = request.blockOrEmpty("agentOptions");
        if (!agent.flag("keepAlive", true)) {
            request.findings().tell(Kind.DIFFERS, agent.at("keepAlive"), "Connections are kept alive here.");
        }
        agent.refuseTheRest();
        Optional<URI> uri = request.text("uri").flatMap(text -> uri(request, text));
        request.refuseTheRest();
        return uri;
    }

    static boolean isPartitioner(Optional<URI> uri) {
        return uri.isPresent() && uri.get().toString().startsWith(PARTITIONER);
    }

    private static void headers(Block request) {
        Block headers = request.blockOrEmpty("headers");
        headers.skip("content-type", "x-request-id");
        String host = headers.text("host").orElse("{{globals.message.meta.domain}}");
        if (!host.matches("\\{\\{ *(globals\\.)?message\\.meta\\.domain *}}")) {
            headers.findings()
                    .tell(
                            Kind.ACT,
                            headers.at("host"),
                            "Is " + host + " there; here it is the event's meta.domain, or that of"
                                    + " the URI with host_header: uri.");
        }
        headers.refuseTheRest();
    }

    /** Checks the URI of a rule, or of the values. */
    static Optional<URI> uri(Block block, String text) {
        try {
            URI uri = new URI(text);
            if (text.startsWith(PARTITIONER) || uri.getHost() != null) {
                return Optional.of(uri);
            }
        } catch (URISyntaxException told) {
            // Below, with those that name no host.
        }
        block.findings()
                .refuse(
                        block.at("uri"),
                        "is not the URI of a job endpoint: " + text,
                        "such as https://host:4448/rpc/RunSingleJob.php");
        return Optional.empty();
    }
}
