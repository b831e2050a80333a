package watch

// maxEntries is the number of receipts of Changed after which an unused question is dropped. Each new release, new pod or Lease
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

// forget ends the watches of questions that were not used recently. It does not wait for them, because one of them may be the
// caller.
func (s *Source) forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.changes++
	for q, k := range s.questions {
		if s.changes-k.asked > maxEntries {
			k.cancel()
			delete(s.questions, q)
		}
	}
	for q, h := range s.logs {
		if s.changes-h.asked > maxEntries {
			delete(s.logs, q)
		}
	}
}
