package org.mediawiki.jobqueue.changeprop.cli;

import java.io.IOException;

/** Why something failed, for people: without a stack trace, and with the cause below it that tells what to mend. Pure. */
final class Causes {

    private Causes() {}

    /** What the exception says, and what each of its causes says that was not said before it. */
    static String inOneLine(Throwable failure) {
        StringBuilder line = new StringBuilder(text(failure));
        for (Throwable cause = failure.getCause(); cause != null; cause = cause.getCause()) {
            String text = text(cause);
            if (line.indexOf(text) < 0) {
                line.append(": ").append(text);
            }
        }
        return line.toString().replaceAll("\\s*\\R\\s*", " ");
    }

    /** The message of an exception of files says which, and its name what is the matter. */
    private static String text(Throwable failure) {
        String message = failure.getMessage();
        return message == null || failure instanceof IOException ? failure.toString() : message;
    }
}
