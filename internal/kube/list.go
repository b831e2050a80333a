package kube

import (
	"context"
	"fmt"
	"net/http"
	"strconv"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/client-go/rest"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// pageSize is client-go's own (tools/pager): large enough that most lists are one page.
const pageSize = 500

// List answers a query. A query for owners or names is answered from the table form, without bodies.
func (s *Source) List(ctx context.Context, q facts.Query) (facts.List, []facts.Object) {
	a := s.answer(ctx, q)
	return a.List, a.objects
}

// ListAt is List, and says at which resourceVersion the answer was true: Watch goes on from there. It is "" unless the
// list was Found. The answer is as new as the cluster's storage, never that of a cache that lags behind.
func (s *Source) ListAt(ctx context.Context, q facts.Query) (facts.List, []facts.Object, string) {
	a := s.answer(ctx, q)
	return a.List, a.objects, a.version
}

// listing is the answer to a query, with the resourceVersion that it was true at.
type listing struct {
	facts.List
	objects []facts.Object
	version string
}

func (s *Source) answer(ctx context.Context, q facts.Query) listing {
	if q.Owner != "" || q.Names {
		return s.table(ctx, q)
	}
	return s.pages(ctx, q)
}

// pages reads a list page by page. A continuation that has expired is begun anew once, without pages: that answer
// cannot expire.
func (s *Source) pages(ctx context.Context, q facts.Query) listing {
	a, expired := s.readPages(ctx, q, pageSize)
	if expired {
		a, _ = s.readPages(ctx, q, 0)
	}
	return a
}

func (s *Source) readPages(ctx context.Context, q facts.Query, limit int) (a listing, expired bool) {
	a.Query = q
	next := ""
	for {
		page, err := s.page(ctx, q, limit, next)
		if err != nil {
			return refused(q, err), httpStatus(err) == http.StatusGone && next != ""
		}
		for i := range page.Items {
			if o := found(q, &page.Items[i]); owns(q, o) {
				a.Items = append(a.Items, o.Ref)
				a.objects = append(a.objects, o)
			}
		}
		if a.version == "" { // all pages show the state at the first
			a.version = page.GetResourceVersion()
		}
		next = page.GetContinue()
		if next == "" || len(a.objects) >= s.maxItems {
			a.Outcome, a.Truncated = facts.Found, next != ""
			return a, false
		}
	}
}

// refused is the answer to a query that failed.
func refused(q facts.Query, err error) listing {
	outcome, reason := outcome(err, "")
	return listing{List: facts.List{Query: q, Outcome: outcome, Reason: reason}}
}

func (s *Source) page(ctx context.Context, q facts.Query, limit int, next string) (*unstructured.UnstructuredList, error) {
	at, known := path(q.Group, q.Kind, q.Namespace)
	if !known {
		return nil, fmt.Errorf("kind %s of group %q is never read", q.Kind, q.Group)
	}
	body, err := s.do(ctx, q.Plane, func(c *rest.RESTClient) *rest.Request {
		r := selected(c.Get().AbsPath(at), q)
		if limit > 0 {
			r = r.Param("limit", strconv.Itoa(limit))
		}
		if next != "" {
			r = r.Param("continue", next)
		}
		return r
	})
	if err != nil {
		return nil, err
	}
	page := &unstructured.UnstructuredList{}
	if err := page.UnmarshalJSON(body); err != nil {
		return nil, fmt.Errorf("the answer cannot be read: %w", err)
	}
	return page, nil
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
	// The items of a list of a built-in kind carry neither kind nor version.
	if u.GetKind() == "" {
		u.SetKind(q.Kind)
	}
	ref := facts.Ref{Plane: q.Plane, Group: q.Group, Kind: q.Kind, Namespace: u.GetNamespace(), Name: u.GetName()}
	return facts.Object{Ref: ref, Outcome: facts.Found, Body: u}
}
