// Package kube reads facts from clusters: it implements facts.Source over client-go, with one client per plane, and
// turns every error of the API into an Outcome. It never asks for discovery, because the paths of all kinds are known,
// and it never reads a Secret.
package kube

import (
	"context"
	"fmt"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/client-go/rest"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// defaultMaxItems bounds one list, so that a mistaken question cannot fill the memory.
const defaultMaxItems = 20_000

// Options of a Source. The zero value is what a single cluster needs.
type Options struct {
	// MaxItems bounds the items of one list; the list then says that it is truncated. 0 means 20,000.
	MaxItems int
}

// Source reads from one cluster per plane. A plane without a cluster of its own is read from the control plane's
// cluster: in small installations they are one. Whether the answer counts is for the assessment to decide, which looks for
// the uid of a RenderedRelease on what was found.
type Source struct {
	clusters map[facts.Plane]*cluster
	maxItems int
}

var (
	_ facts.Source   = (*Source)(nil)
	_ facts.Searcher = (*Source)(nil)
	_ facts.Clock    = (*Source)(nil)
)

// New makes a Source. configs must hold facts.Control. No request is made.
func New(configs map[facts.Plane]*rest.Config, o Options) (*Source, error) {
	if configs[facts.Control] == nil {
		return nil, fmt.Errorf("make a client: no configuration for the control plane")
	}
	s := &Source{clusters: map[facts.Plane]*cluster{}, maxItems: o.MaxItems}
	if s.maxItems <= 0 {
		s.maxItems = defaultMaxItems
	}
	for plane, config := range configs {
		c, err := newCluster(config)
		if err != nil {
			return nil, fmt.Errorf("make a client for plane %s: %w", plane, err)
		}
		s.clusters[plane] = c
	}
	return s, nil
}

// cluster is the cluster of the plane, or of the control plane.
func (s *Source) cluster(plane facts.Plane) *cluster {
	if c := s.clusters[plane]; c != nil {
		return c
	}
	return s.clusters[facts.Control]
}

// Get reads one object.
func (s *Source) Get(ctx context.Context, ref facts.Ref) facts.Object {
	o := facts.Object{Ref: ref}
	at, err := objectPath(ref)
	if err != nil {
		o.Outcome, o.Reason = outcome(err, ref.Name)
		return o
	}
	body, err := s.cluster(ref.Plane).do(ctx, func(c *rest.RESTClient) *rest.Request { return c.Get().AbsPath(at...) })
	if err != nil {
		o.Outcome, o.Reason = outcome(err, ref.Name)
		return o
	}
	o.Body = &unstructured.Unstructured{}
	if err := o.Body.UnmarshalJSON(body); err != nil {
		return facts.Object{Ref: ref, Outcome: facts.Unreachable, Reason: fmt.Sprintf("the answer cannot be read: %v", err)}
	}
	o.Outcome = facts.Found
	if ref.Group == kinds.OpenChoreo && ref.Kind == "Component" { // of which collect wants to know who has applied it
		facts.KeepFieldManagers(o.Body)
	}
	facts.Clean(o.Body)
	return o
}
