// Package openchoreoapi reads what runs on a data plane through openchoreo-api, for a user who has no context for the plane's cluster, and
// the objects of OpenChoreo, for a user who may not read them in the control plane.
// It implements facts.Source for the objects of ReleaseBindings. The API returns the objects of one ReleaseBinding as a tree, and
// leaves out what it could not read. What it does not tell is therefore Unreachable, with a reason, and never Absent. All that it returns
// is checked as if a stranger had sent it.
package openchoreoapi

import (
	"context"
	"net/http"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"
	"k8s.io/apimachinery/pkg/fields"
	"k8s.io/apimachinery/pkg/labels"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/internal/openchoreoapi/login"
	"github.com/kubectl-choreo/kubectl-choreo/internal/reference"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// Options of a Source. Now must be set.
type Options struct {
	Timeout   time.Duration     // of a request; 0: none
	Transport http.RoundTripper // nil: a new one
	// Wrap wraps the transport, such as to log requests. It may be nil.
	Wrap      func(http.RoundTripper) http.RoundTripper
	UserAgent string
	Now       func() time.Time
}

// Source reads planes through one openchoreo-api. It is safe for concurrent use.
type Source struct {
	client   *client
	releases releases
	trees    trees
}

var _ facts.Source = (*Source)(nil)

// New returns a Source. It makes no request.
func New(l login.Login, o Options) *Source {
	c := newClient(l, o)
	return &Source{
		client: c, releases: releases{all: map[facts.Ref]release{}},
		trees: trees{client: c, calls: map[binding]*call{}, requested: map[binding]bool{}},
	}
}

// Note takes a RenderedRelease that was read from the control plane, or is Absent there. Only what these lead to can be read.
func (s *Source) Note(o facts.Object) { s.releases.note(o) }

// Get reads one object.
func (s *Source) Get(ctx context.Context, ref facts.Ref) facts.Object {
	o := facts.Object{Ref: ref}
	if err := reference.Object(ref); err != nil {
		o.Outcome, o.Reason = facts.Invalid, err.Error()
		return o
	}
	if ref.Plane == facts.Control {
		return s.control(ctx, ref)
	}
	refused := unread(ref.Group, ref.Kind)
	if refused == nil && ref.Namespace != "" {
		for _, found := range s.branches(ctx, s.likely(ref)) {
			for _, n := range found.nodes {
				if n.ref == (facts.Ref{Group: ref.Group, Kind: ref.Kind, Namespace: ref.Namespace, Name: ref.Name}) {
					return n.object(ref.Plane)
				}
			}
			if found.refusal != nil {
				refused = found.refusal
			}
		}
	}
	if refused == nil {
		refused = unknown("it returns objects of a plane by component only, and %s is of none that was read; use the name of its component", quoted(ref.String()))
	}
	o.Outcome, o.Reason = refused.outcome, refused.reason
	return o
}

// likely returns the releases whose tree may have an object: those that applied it; for a child of such an object those that were read, as
// it became known from them.
func (s *Source) likely(ref facts.Ref) []release {
	here := s.releases.selected(ref.Namespace, labels.Everything())
	applied := slices.DeleteFunc(slices.Clone(here), func(r release) bool {
		return !slices.Contains(r.status, reported{ref.Group, ref.Kind, ref.Namespace, ref.Name})
	})
	if len(applied) > 0 {
		return applied
	}
	return slices.DeleteFunc(here, func(r release) bool { return !s.trees.wasAsked(r.binding) })
}

// unread refuses the kinds that this program never reads.
func unread(group, kind string) *refusal {
	if _, known := kinds.Lookup(group, kind); !known || group == kinds.Core && kind == "Secret" {
		return &refusal{facts.NoKind, "kind " + quoted(kind) + " is never read"}
	}
	return nil
}

// List returns the objects of all ReleaseBindings that q may select, if it is known that they are all.
func (s *Source) List(ctx context.Context, q facts.Query) (facts.List, []facts.Object) {
	l := facts.List{Query: q}
	refuse := func(r *refusal) (facts.List, []facts.Object) {
		return facts.List{Query: q, Outcome: r.outcome, Reason: r.reason}, nil
	}
	if err := reference.List(q); err != nil {
		return refuse(&refusal{facts.Invalid, err.Error()})
	}
	if refused := unread(q.Group, q.Kind); refused != nil {
		return refuse(refused)
	}
	selects, refused := parseSelectors(q)
	if refused != nil {
		return refuse(refused)
	}
	if q.Plane == facts.Control {
		return s.controlList(ctx, q, selects.labels)
	}
	if q.Group == kinds.Core && q.Kind == "Event" {
		return s.events(ctx, q, selects.fields)
	}
	objects, refused := s.released(ctx, q, selects)
	if refused != nil {
		return refuse(refused)
	}
	for _, o := range objects {
		l.Items = append(l.Items, o.Ref)
	}
	l.Outcome = facts.Found
	if q.Limit > 0 && len(l.Items) > q.Limit {
		return facts.List{Query: q, Outcome: facts.Found, Truncated: true}, nil
	}
	if q.Names {
		objects = nil
	}
	return l, objects
}

// released are the objects on the plane that a query selects.
func (s *Source) released(ctx context.Context, q facts.Query, selects selectors) ([]facts.Object, *refusal) {
	selected := s.releases.selected(q.Namespace, selects.labels)
	if len(selected) == 0 || kinds.SpansComponents(selects.labels, selects.fields) {
		return nil, notTold(q.Group, q.Kind)
	}
	var objects []facts.Object
	for _, found := range s.branches(ctx, selected) {
		if found.refusal != nil {
			return nil, found.refusal
		}
		nodes, refused := found.reported(q.Group, q.Kind)
		if refused != nil {
			return nil, refused
		}
		for _, n := range nodes {
			if o := n.object(q.Plane); o.Body != nil && selects.matches(q, o) {
				objects = append(objects, o)
			}
		}
	}
	return objects, nil
}

// selectors are those of a query.
type selectors struct {
	labels labels.Selector
	fields fields.Selector
}

func parseSelectors(q facts.Query) (selectors, *refusal) {
	byLabel, err := labels.Parse(q.Labels)
	if err != nil {
		return selectors{}, &refusal{facts.Invalid, err.Error()}
	}
	byField, err := fields.ParseSelector(q.Fields)
	if err != nil {
		return selectors{}, &refusal{facts.Invalid, err.Error()}
	}
	return selectors{byLabel, byField}, nil
}

func (s selectors) matches(q facts.Query, o facts.Object) bool {
	return (q.Namespace == "" || q.Namespace == o.Ref.Namespace) && s.labels.Matches(labels.Set(o.Body.GetLabels())) &&
		s.fields.Matches(fields.Set{"metadata.name": o.Ref.Name, "metadata.namespace": o.Ref.Namespace})
}

// releaseBranch is the branch of a release, or why there is none.
type releaseBranch struct {
	branch
	release release
	refusal *refusal
}

// branches requests the trees of releases, those that are not at hand.
func (s *Source) branches(ctx context.Context, of []release) []releaseBranch {
	all := make([]releaseBranch, len(of))
	var group errgroup.Group
	for i, r := range of {
		group.Go(func() error {
			all[i] = s.branchOf(ctx, r)
			return nil
		})
	}
	_ = group.Wait()
	return all
}

func (s *Source) branchOf(ctx context.Context, r release) releaseBranch {
	t, refused := s.trees.of(ctx, r.binding)
	a := releaseBranch{release: r, refusal: refused}
	if refused != nil {
		return a
	}
	found, ok := t[r.Name]
	if !ok {
		a.refusal = unknown("it does not return %s", quoted(r.String()))
	}
	if a.branch = found; len(a.status) == 0 {
		a.status = r.status
	}
	return a
}

// Skew is unknown: the API has the clock of the control plane.
func (s *Source) Skew(facts.Plane) (ahead time.Duration, known bool) { return 0, false }
