package org.mediawiki.jobqueue.changeprop.cli.jobs;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/** Which dead jobs an order is about, beside a filter: some by their ids, or all. */
final class DeadChoice {

    @Parameters(arity = "0..*", paramLabel = "ID", description = "These, such as 3-1204.")
    private List<String> ids = new ArrayList<>();

    @Option(names = "--all", description = "Every dead job.")
    private boolean all;

    List<String> ids() {
        return ids;
    }

    boolean isAll() {
        return all;
    }

    /** Either ids, or a filter; a filter that says nothing only where that is meant. */
    ObjectNode order(Connection connection, DeadFilter filter) {
        ObjectNode order = new ObjectMapper().createObjectNode();
        boolean isFiltered = !filter.fields().isEmpty();
        if (ids.isEmpty() && !isFiltered && !all) {
            throw new ParameterException(
                    connection.spec().commandLine(), "Say which: ids, a filter such as --type, or --all");
        } else if (!ids.isEmpty() && (isFiltered || all)) {
            throw new ParameterException(connection.spec().commandLine(), "Either ids or a filter, not both");
        } else if (ids.isEmpty()) {
            ObjectNode fields = order.putObject("filter");
            filter.fields().forEach(fields::put);
        } else {
            ids.forEach(order.withArray("ids")::add);
        }
        return order;
    }
}
