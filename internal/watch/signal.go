package watch

// maxEntries is for how many receipts of Changed a question is kept that nobody asks any more. A new release, a new pod,
// a Lease that was looked at once: each leaves a watch behind.
const maxEntries = 100

// signal says that something changed. Whoever has not yet received the last signal will see this change as well.
func (s *Source) signal() {
	select {
	case s.changed <- struct{}{}:
		s.forget()
	default:
	}
}

// forget ends the watches of what was not asked for long. It does not wait for them: one of them may be the caller.
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
