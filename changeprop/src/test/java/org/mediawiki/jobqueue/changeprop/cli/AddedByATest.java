package org.mediawiki.jobqueue.changeprop.cli;

import picocli.CommandLine.Command;

/** A command as another module would add it. */
@Command(name = "added-by-a-test")
public final class AddedByATest implements Subcommand {

    @Override
    public Integer call() {
        return 0;
    }
}
