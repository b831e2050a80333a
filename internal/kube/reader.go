package kube

import (
	"context"
	"encoding/json"
	"io"
	"sync"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kube/podlog"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// PlaneReader reads the objects of a data plane without a client of its cluster.
type PlaneReader interface {
	facts.Source
	// OpenLog returns a container's log, to be closed, or a podlog.Error.
	OpenLog(ctx context.Context, q facts.LogQuery, o podlog.Options) (io.ReadCloser, error)
	// Note takes each RenderedRelease that was read from the control plane: its objects are what a plane is asked for.
	Note(o facts.Object)
}

// readers are the readers of planes.
type readers struct {
	byPlane   map[facts.Plane]PlaneReader
	elsewhere PlaneReader

	mu      sync.Mutex
	decided bool
	used    bool // elsewhere
}

// reader returns who reads a plane, or nil if the client of a cluster does.
func (s *Source) reader(ctx context.Context, plane facts.Plane) PlaneReader {
	if plane == facts.Control {
		return nil
	}
	if r := s.readers.byPlane[plane]; r != nil {
		return r
	}
	if s.clusters[plane] != nil || s.readers.elsewhere == nil || !s.planesAreElsewhere(ctx) {
		return nil
	}
	return s.readers.elsewhere
}

// planesAreElsewhere reports whether the control plane's cluster has no agent of a data plane. Whether it has one is requested once.
func (s *Source) planesAreElsewhere(ctx context.Context) bool {
	r := &s.readers
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.decided {
		return r.used
	}
	agent := kinds.DataPlaneAgent()
	o := s.get(ctx, facts.Ref{Plane: facts.Control, Group: kinds.Apps, Kind: "Deployment", Namespace: agent.Namespace, Name: agent.Deployment})
	if ctx.Err() != nil {
		return false
	}
	r.decided = true
	switch o.Outcome {
	case facts.Absent, facts.Forbidden:
		r.used = true
	case facts.NotAsked, facts.Found, facts.NoKind, facts.Unreachable, facts.Invalid:
	}
	return r.used
}

// isRead reports whether a reader is known to read a plane.
func (s *Source) isRead(plane facts.Plane) bool {
	if s.readers.byPlane[plane] != nil {
		return true
	}
	s.readers.mu.Lock()
	defer s.readers.mu.Unlock()
	return plane != facts.Control && s.clusters[plane] == nil && s.readers.used
}

// note passes a RenderedRelease to the readers.
func (s *Source) note(o facts.Object) {
	if !isRendered(o.Ref) || o.Outcome != facts.Found && o.Outcome != facts.Absent {
		return
	}
	for _, r := range s.readers.byPlane {
		r.Note(o)
	}
	if s.readers.elsewhere != nil {
		s.readers.elsewhere.Note(o)
	}
}

func (s *Source) noteAll(items []facts.Encoded) {
	if len(s.readers.byPlane) == 0 && s.readers.elsewhere == nil {
		return
	}
	for _, e := range items {
		if isRendered(e.Ref) {
			s.note(e.Object())
		}
	}
}

func isRendered(ref facts.Ref) bool {
	return ref.Plane == facts.Control && ref.Group == kinds.OpenChoreo && ref.Kind == "RenderedRelease"
}

// encodeAll converts the result of a list.
func encodeAll(l facts.List, objects []facts.Object) (facts.List, []facts.Encoded) {
	encoded := make([]facts.Encoded, 0, len(objects))
	for _, o := range objects {
		text, err := json.Marshal(o.Body.Object)
		if err != nil {
			return facts.List{Query: l.Query, Outcome: facts.Unreachable, Reason: "the answer cannot be read"}, nil
		}
		encoded = append(encoded, facts.Encoded{Ref: o.Ref, JSON: string(text)})
	}
	return l, encoded
}
