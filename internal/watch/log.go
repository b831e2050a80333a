package watch

import (
	"context"
	"slices"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// cachedLog is a log, with the version of the pod at which it was read.
type cachedLog struct {
	version string // the pod's resourceVersion
	asked   int    // the number of changes when it was last used
	log     facts.Log
}

// Log reads the last lines of a container's log. Logs cannot be watched. The relevant log is that of a terminated container, and
// its pod changes when it terminates. So the log is not read again while a cached pod is unchanged.
func (s *Source) Log(ctx context.Context, q facts.LogQuery) facts.Log {
	version := s.podVersion(q.Pod)
	if l, ok := s.remember(q, version); ok {
		return l
	}
	l := s.cluster.Log(ctx, q)
	if version != "" && ctx.Err() == nil {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.logs[q] = cachedLog{version: version, asked: s.changes, log: l}
	}
	return copied(l)
}

func (s *Source) remember(q facts.LogQuery, version string) (facts.Log, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	h, ok := s.logs[q]
	if !ok || version == "" || h.version != version {
		return facts.Log{}, false
	}
	h.asked = s.changes
	s.logs[q] = h
	return copied(h.log), true
}

// podVersion returns the resourceVersion of a cached pod, or "" if the pod is not cached.
func (s *Source) podVersion(pod facts.Ref) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	for q, k := range s.questions {
		if q.query.Plane == pod.Plane && q.query.Group == pod.Group && q.query.Kind == pod.Kind {
			if version := k.versionOf(pod); version != "" {
				return version
			}
		}
	}
	return ""
}

func copied(l facts.Log) facts.Log {
	l.Lines = slices.Clone(l.Lines)
	return l
}
