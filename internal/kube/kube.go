// Package kube reads facts from clusters. It implements facts.Source over client-go, with one client per plane, and converts
// every API error to an Outcome. It makes no discovery requests, because the paths of all kinds are known. It never reads a
// Secret.
package kube

import (
	"context"
	"fmt"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/client-go/rest"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kube/planereader"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// defaultMaxItems bounds the items of one list, so that an unexpectedly long list cannot exhaust memory.
const defaultMaxItems = 20_000

// Options of a Source. The zero value suits a single cluster.
type Options struct {
	// MaxItems bounds the items of one list. A longer list is marked as truncated. 0 means 20,000.
	MaxItems int
	// Readers read planes without a client of their cluster. It may be nil.
	Readers *planereader.Readers
}

// Source reads from one cluster per plane. A plane without its own cluster is read from the control plane's cluster, because
// small installations have one cluster. The assessment decides whether these objects count: it looks for the uid of a
// RenderedRelease on them.
type Source struct {
	clusters map[facts.Plane]*cluster
	maxItems int
	readers  *planereader.Readers
}

var (
	_ facts.Source   = (*Source)(nil)
	_ facts.Searcher = (*Source)(nil)
	_ facts.Clock    = (*Source)(nil)
)

// New returns a Source. configs must contain facts.Control. It makes no request.
func New(configs map[facts.Plane]*rest.Config, o Options) (*Source, error) {
	if configs[facts.Control] == nil {
		return nil, fmt.Errorf("make a client: no configuration for the control plane")
	}
	s := &Source{clusters: map[facts.Plane]*cluster{}, maxItems: o.MaxItems, readers: o.Readers}
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

// cluster returns the cluster of the plane, or else that of the control plane.
func (s *Source) cluster(plane facts.Plane) *cluster {
	if c := s.clusters[plane]; c != nil {
		return c
	}
	return s.clusters[facts.Control]
}

// IsReadByAnother reports whether a plane is known to be read by one of Options.Readers.
func (s *Source) IsReadByAnother(plane facts.Plane) bool {
	return s.readers.IsUsed(plane, s.clusters[plane] != nil)
}

// reader returns who reads a plane, or nil if a client does.
func (s *Source) reader(ctx context.Context, plane facts.Plane) planereader.Reader {
	return s.readers.Of(ctx, plane, s.clusters[plane] != nil, s.get)
}

// Get reads one object.
func (s *Source) Get(ctx context.Context, ref facts.Ref) facts.Object {
	if r := s.reader(ctx, ref.Plane); r != nil {
		return r.Get(ctx, ref)
	}
	o := s.readers.Instead(ctx, s.get(ctx, ref))
	s.readers.Note(o)
	return o
}

func (s *Source) get(ctx context.Context, ref facts.Ref) facts.Object {
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
	if ref.Group == kinds.OpenChoreo && ref.Kind == "Component" { // collect needs the managed fields of a Component
		facts.KeepFieldManagers(o.Body)
	}
	facts.Clean(o.Body)
	return o
}
