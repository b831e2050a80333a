// Package planereader decides which data planes are read without a client of their cluster, and by whom.
package planereader

import (
	"context"
	"encoding/json"
	"io"
	"sync"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kube/podlog"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// Reader reads the objects of a data plane without a client of its cluster, and those of the control plane that the user may not read there.
type Reader interface {
	facts.Source
	// OpenLog returns a container's log, to be closed, or a podlog.Error.
	OpenLog(ctx context.Context, q facts.LogQuery, o podlog.Options) (io.ReadCloser, error)
	// Note takes each RenderedRelease that was read from the control plane: its objects are those that are read from a plane.
	Note(o facts.Object)
}

// Readers are the planes of one Reader. nil are none.
type Readers struct {
	reader Reader
	named  map[facts.Plane]bool
	all    bool // also the control plane

	mu      sync.Mutex
	decided bool
	used    bool // for planes that are not named
}

// New returns the Readers of named planes, and of each other plane without a cluster of its own, if the control plane's cluster is no
// data plane.
func New(reader Reader, named []facts.Plane) *Readers {
	r := &Readers{reader: reader, named: map[facts.Plane]bool{}}
	for _, plane := range named {
		r.named[plane] = true
	}
	return r
}

// All returns the Readers of every plane, the control plane included: there is no cluster.
func All(reader Reader) *Readers {
	return &Readers{reader: noting{reader}, all: true}
}

// noting is a Reader that takes the RenderedReleases that it reads itself.
type noting struct{ Reader }

// Get reads one object.
func (n noting) Get(ctx context.Context, ref facts.Ref) facts.Object {
	o := n.Reader.Get(ctx, ref)
	if isRendered(ref) && (o.Outcome == facts.Found || o.Outcome == facts.Absent) {
		n.Note(o)
	}
	return o
}

// List answers a query.
func (n noting) List(ctx context.Context, q facts.Query) (facts.List, []facts.Object) {
	l, objects := list(ctx, n.Reader, q)
	for _, o := range objects {
		if isRendered(o.Ref) {
			n.Note(o)
		}
	}
	return l, objects
}

// Of returns who reads a plane, or nil if the client of a cluster does. get reads an object of the control plane.
func (r *Readers) Of(ctx context.Context, plane facts.Plane, hasCluster bool, get func(context.Context, facts.Ref) facts.Object) Reader {
	if r != nil && r.all {
		return r.reader
	}
	if r == nil || plane == facts.Control || !r.named[plane] && (hasCluster || !r.areElsewhere(ctx, get)) {
		return nil
	}
	return r.reader
}

// areElsewhere reports whether the control plane's cluster has no agent of a data plane. Whether it has one is requested once.
func (r *Readers) areElsewhere(ctx context.Context, get func(context.Context, facts.Ref) facts.Object) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.decided {
		return r.used
	}
	agent := kinds.DataPlaneAgent()
	o := get(ctx, facts.Ref{Plane: facts.Control, Group: kinds.Apps, Kind: "Deployment", Namespace: agent.Namespace, Name: agent.Deployment})
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

// Instead reads an object of the control plane that the user may not read there.
func (r *Readers) Instead(ctx context.Context, o facts.Object) facts.Object {
	if r == nil || o.Ref.Plane != facts.Control || o.Outcome != facts.Forbidden {
		return o
	}
	if got := r.reader.Get(ctx, o.Ref); got.Outcome == facts.Found || got.Outcome == facts.Absent {
		return got
	}
	return o
}

// ListInstead is Instead for a list, and reports whether there is one.
func (r *Readers) ListInstead(ctx context.Context, l facts.List) (facts.List, []facts.Object, bool) {
	if r == nil || l.Query.Plane != facts.Control || l.Outcome != facts.Forbidden {
		return l, nil, false
	}
	got, objects := list(ctx, r.reader, l.Query)
	for _, o := range objects {
		r.Note(o)
	}
	return got, objects, got.Outcome == facts.Found
}

// IsUsed reports whether a plane is known to be read by the Reader.
func (r *Readers) IsUsed(plane facts.Plane, hasCluster bool) bool {
	if r == nil {
		return false
	}
	if r.all {
		return true
	}
	if plane == facts.Control {
		return false
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.named[plane] || !hasCluster && r.used
}

// Note passes an object to the Reader if it is a RenderedRelease.
func (r *Readers) Note(o facts.Object) {
	if r != nil && isRendered(o.Ref) && (o.Outcome == facts.Found || o.Outcome == facts.Absent) {
		r.reader.Note(o)
	}
}

// NoteAll is Note for the items of a list.
func (r *Readers) NoteAll(items []facts.Encoded) {
	for _, e := range items {
		if r != nil && isRendered(e.Ref) {
			r.Note(e.Object())
		}
	}
}

func isRendered(ref facts.Ref) bool {
	return ref.Plane == facts.Control && ref.Group == kinds.OpenChoreo && ref.Kind == "RenderedRelease"
}

// Encode converts the result of a list.
func Encode(l facts.List, objects []facts.Object) (facts.List, []facts.Encoded) {
	encoded := make([]facts.Encoded, 0, len(objects))
	for _, o := range objects {
		if o.Body == nil {
			continue // it could not be decoded
		}
		text, err := json.Marshal(o.Body.Object)
		if err != nil {
			return facts.List{Query: l.Query, Outcome: facts.Unreachable, Reason: "the answer cannot be read"}, nil
		}
		encoded = append(encoded, facts.Encoded{Ref: o.Ref, JSON: string(text)})
	}
	return l, encoded
}

// EncodedInstead is ListInstead for unparsed objects. It returns l and its objects if no other reader answers.
func (r *Readers) EncodedInstead(ctx context.Context, l facts.List, objects []facts.Encoded) (facts.List, []facts.Encoded) {
	if instead, found, ok := r.ListInstead(ctx, l); ok {
		return Encode(instead, found)
	}
	return l, objects
}
