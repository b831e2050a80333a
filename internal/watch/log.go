package watch

import (
	"context"
	"slices"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// cachedLog is a log, with the version of the pod at which it was read.
type cachedLog struct {
	version  string // the pod's resourceVersion
	lastUsed int    // the number of changes when it was last used
	log      facts.Log
}

// Log reads the last lines of a container's log. Logs cannot be watched. The relevant log is that of a terminated container, and
// its pod changes when it terminates. So the log is not read again while a cached pod is unchanged.
func (s *Source) Log(ctx context.Context, q facts.LogQuery) facts.Log {
	version := s.podVersion(q.Pod)
	if l, ok := s.lookUpLog(q, version); ok {
		return l
	}
	l := s.cluster.Log(ctx, q)
	if version != "" && ctx.Err() == nil {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.logs[q] = cachedLog{version: version, lastUsed: s.changes, log: l}
	}
	return copied(l)
}

func (s *Source) lookUpLog(q facts.LogQuery, version string) (facts.Log, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	l, ok := s.logs[q]
	if !ok || version == "" || l.version != version {
		return facts.Log{}, false
	}
	l.lastUsed = s.changes
	s.logs[q] = l
	return copied(l.log), true
}

// podVersion returns the resourceVersion of a cached pod, or "" if the pod is not cached.
func (s *Source) podVersion(pod facts.Ref) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	for q, e := range s.entries {
		if q.query.Plane == pod.Plane && q.query.Group == pod.Group && q.query.Kind == pod.Kind {
			if version := e.versionOf(pod); version != "" {
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
