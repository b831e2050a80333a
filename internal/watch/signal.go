package watch

// maxEntries is the number of receipts of Changed after which an unused entry is dropped. Each new release, new pod or Lease
// that was read once leaves a watch open.
const maxEntries = 100

// signal reports a change. If the last signal was not yet received, it covers this change as well.
func (s *Source) signal() {
	select {
	case s.changed <- struct{}{}:
		s.forget()
	default:
	}
}

// forget ends the watches of entries that were not used recently. It does not wait for them, because one of them may be the
// caller.
func (s *Source) forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.changes++
	for q, e := range s.entries {
		if s.changes-e.lastUsed > maxEntries {
			e.cancel()
			delete(s.entries, q)
		}
	}
	for q, l := range s.logs {
		if s.changes-l.lastUsed > maxEntries {
			delete(s.logs, q)
		}
	}
}
