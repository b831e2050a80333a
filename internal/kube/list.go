package kube

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"github.com/tidwall/gjson"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/client-go/rest"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kube/planereader"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// pageSize is the default of client-go (tools/pager): large enough that most lists are one page.
const pageSize = 500

// maxEncoded bounds a list of a whole kind: at 3 KB each, a third of a gigabyte.
const maxEncoded = 100_000

// List answers a query. For owners or names it reads the table form and returns no bodies.
func (s *Source) List(ctx context.Context, q facts.Query) (facts.List, []facts.Object) {
	a := s.answer(ctx, q)
	return a.List, a.objects
}

// ListAt is List with unparsed objects, and with the resourceVersion of the list, from which Watch continues. It is "" unless the
// list was Found. The list is read from the cluster's storage, never from a stale cache.
func (s *Source) ListAt(ctx context.Context, q facts.Query) (facts.List, []facts.Encoded, string) {
	if q.Owner != "" || q.Names || s.reader(ctx, q.Plane) != nil {
		a := s.answer(ctx, q)
		l, objects := planereader.Encode(a.List, a.objects)
		return l, objects, a.version
	}
	a := s.encoded(ctx, q, maxEncoded)
	l, objects := s.readers.EncodedInstead(ctx, a.List, a.objects)
	return l, objects, a.version
}

// listing is the result of a query, with its resourceVersion.
type listing struct {
	facts.List
	objects []facts.Object
	version string
}

func (s *Source) answer(ctx context.Context, q facts.Query) listing {
	if r := s.reader(ctx, q.Plane); r != nil {
		l, objects := r.List(ctx, q)
		return listing{List: l, objects: objects}
	}
	read := s.pages
	if q.Owner != "" || q.Names {
		read = s.table
	}
	a := read(ctx, q)
	if l, objects, ok := s.readers.ListInstead(ctx, a.List); ok {
		return listing{List: l, objects: objects}
	}
	return a
}

// ListEncoded is List for whole kinds, which have many objects of which few are parsed. q must not select an owner or names.
func (s *Source) ListEncoded(ctx context.Context, q facts.Query) (facts.List, []facts.Encoded) {
	if r := s.reader(ctx, q.Plane); r != nil {
		return planereader.Encode(r.List(ctx, q))
	}
	a := s.encoded(ctx, q, maxEncoded)
	return a.List, a.objects
}

// Count returns the number of objects that q selects. It reads one of them.
func (s *Source) Count(ctx context.Context, q facts.Query) (int, facts.Outcome) {
	if r := s.reader(ctx, q.Plane); r != nil {
		l, _ := r.List(ctx, q)
		return len(l.Items), l.Outcome
	}
	p, err := s.page(ctx, q, 1, "")
	if err != nil {
		return 0, refused(q, err).Outcome
	}
	return len(p.items) + p.remaining, facts.Found
}

// pages returns the result of a query with bodies.
func (s *Source) pages(ctx context.Context, q facts.Query) listing {
	a := s.encoded(ctx, q, s.maxItems)
	l := listing{List: a.List, version: a.version}
	l.Items = nil
	for _, e := range a.objects {
		if o := e.Object(); owns(q, o) {
			l.Items = append(l.Items, o.Ref)
			l.objects = append(l.objects, o)
		}
	}
	return l
}

// encodedListing is the result of a query, with its resourceVersion.
type encodedListing struct {
	facts.List
	objects []facts.Encoded
	version string
}

// encoded reads a list page by page. If the continue token expires, it lists once more without pages: that list cannot expire.
func (s *Source) encoded(ctx context.Context, q facts.Query, most int) encodedListing {
	if q.Limit > 0 {
		return s.limited(ctx, q)
	}
	a, expired := s.readPages(ctx, q, pageSize, most)
	if expired {
		a, _ = s.readPages(ctx, q, 0, most)
	}
	return a
}

// limited reads one page. It drops the items if there are more, because the first few of many objects are arbitrary.
func (s *Source) limited(ctx context.Context, q facts.Query) encodedListing {
	p, err := s.page(ctx, q, q.Limit, "")
	if err != nil {
		return encodedListing{List: refused(q, err).List}
	}
	a := encodedListing{List: facts.List{Query: q, Outcome: facts.Found, Truncated: p.next != ""}, version: p.version}
	if a.Truncated {
		return a
	}
	for _, e := range p.items {
		a.Items = append(a.Items, e.Ref)
	}
	a.objects = p.items
	s.readers.NoteAll(p.items)
	return a
}

func (s *Source) readPages(ctx context.Context, q facts.Query, limit, most int) (a encodedListing, expired bool) {
	a.Query = q
	next := ""
	for {
		p, err := s.page(ctx, q, limit, next)
		if err != nil {
			return encodedListing{List: refused(q, err).List}, httpStatus(err) == http.StatusGone && next != ""
		}
		for _, e := range p.items {
			a.Items = append(a.Items, e.Ref)
			a.objects = append(a.objects, e)
		}
		s.readers.NoteAll(p.items)
		if a.version == "" { // all pages have the resourceVersion of the first
			a.version = p.version
		}
		next = p.next
		if next == "" || len(a.objects) >= most {
			a.Outcome, a.Truncated = facts.Found, next != ""
			return a, false
		}
	}
}

// refused returns the result of a query that failed.
func refused(q facts.Query, err error) listing {
	outcome, reason := outcome(err, "")
	return listing{List: facts.List{Query: q, Outcome: outcome, Reason: reason}}
}

// chunk is a page of a list.
type chunk struct {
	items     []facts.Encoded
	version   string
	next      string // the continue token of the next page; "" for the last
	remaining int    // the number of remaining items, if the API server reports it
}

func (s *Source) page(ctx context.Context, q facts.Query, limit int, next string) (chunk, error) {
	at, err := listPath(q)
	if err != nil {
		return chunk{}, err
	}
	body, err := s.cluster(q.Plane).do(ctx, func(c *rest.RESTClient) *rest.Request { return pageRequest(c, at, q, limit, next) })
	if err != nil {
		return chunk{}, err
	}
	return readChunk(q, body)
}

func readChunk(q facts.Query, body []byte) (chunk, error) {
	list := gjson.ParseBytes(body)
	if items := list.Get("items"); !gjson.ValidBytes(body) || !list.IsObject() || (items.Exists() && items.Type != gjson.Null && !items.IsArray()) {
		return chunk{}, errors.New("the answer cannot be read: it is no list")
	}
	metadata := list.Get("metadata")
	p := chunk{
		version: strings.Clone(metadata.Get("resourceVersion").Str), next: strings.Clone(metadata.Get("continue").Str),
		remaining: int(metadata.Get("remainingItemCount").Int()),
	}
	if q.Limit > 0 && p.next != "" {
		return p, nil
	}
	version := list.Get("apiVersion").Str
	list.Get("items").ForEach(func(_, item gjson.Result) bool {
		p.items = append(p.items, encode(q, version, item.Raw))
		return true
	})
	return p, nil
}

// encode converts an item of the result of q.
func encode(q facts.Query, version, item string) facts.Encoded {
	of := gjson.Get(item, "metadata")
	ref := facts.Ref{Plane: q.Plane, Group: q.Group, Kind: q.Kind, Namespace: strings.Clone(of.Get("namespace").Str), Name: strings.Clone(of.Get("name").Str)}
	return facts.Encode(ref, version, item)
}

func selected(r *rest.Request, q facts.Query) *rest.Request {
	if q.Labels != "" {
		r = r.Param("labelSelector", q.Labels)
	}
	if q.Fields != "" {
		r = r.Param("fieldSelector", q.Fields)
	}
	return r
}

func found(q facts.Query, u *unstructured.Unstructured) facts.Object {
	facts.Clean(u)
	// The items of a list of a built-in kind have neither kind nor apiVersion.
	if u.GetKind() == "" {
		u.SetKind(q.Kind)
	}
	ref := facts.Ref{Plane: q.Plane, Group: q.Group, Kind: q.Kind, Namespace: u.GetNamespace(), Name: u.GetName()}
	return facts.Object{Ref: ref, Outcome: facts.Found, Body: u}
}
