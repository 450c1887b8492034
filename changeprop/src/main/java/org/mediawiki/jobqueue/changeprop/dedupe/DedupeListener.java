package org.mediawiki.jobqueue.changeprop.dedupe;

/** Is told, on the lane's context, what de-duplication has found, and where it could not do its work. */
public interface DedupeListener {

    /** Hears nothing. */
    DedupeListener NONE = new DedupeListener() {
        @Override
        public void duplicate(DuplicateOf kind) {}

        @Override
        public void unchecked(StoreTrouble why) {}

        @Override
        public void unremembered(StoreTrouble why) {}
    };

    /** A look has found a duplicate: once for each answer that is not empty. */
    void duplicate(DuplicateOf kind);

    /** A job was taken for new because the store could not be asked. */
    void unchecked(StoreTrouble why);

    /** A job that is done is remembered in this process only. */
    void unremembered(StoreTrouble why);
}
