package org.mediawiki.jobqueue.changeprop.intake;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** Keeps what it is given; tells at once that it is safe, or when the test says so. */
final class FakeStore implements Store {

    private final List<Examined.Good> events = new ArrayList<>();
    private final List<Runnable> untold = new ArrayList<>();
    private BooleanSupplier wanted = () -> false;
    private boolean tellsAtOnce = true;
    private boolean closed;

    @Override
    public synchronized void put(List<Examined.Good> put, BooleanSupplier stillWanted, Told told) {
        wanted = stillWanted;
        for (int i = 0; i < put.size(); i++) {
            int index = i;
            events.add(put.get(i));
            if (tellsAtOnce) {
                told.of(index, Optional.empty());
            } else {
                untold.add(() -> told.of(index, Optional.empty()));
            }
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
    }

    synchronized void keepSilent() {
        tellsAtOnce = false;
    }

    /** Tells of so many of those that it has kept silent about. */
    synchronized void tell(int count) {
        for (int i = 0; i < count; i++) {
            untold.remove(0).run();
        }
    }

    synchronized int silentAbout() {
        return untold.size();
    }

    /** Whether what was put last is wanted still. */
    synchronized boolean isWanted() {
        return wanted.getAsBoolean();
    }

    synchronized List<Examined.Good> events() {
        return List.copyOf(events);
    }

    synchronized boolean isClosed() {
        return closed;
    }
}
