package kube

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/tidwall/gjson"
	"k8s.io/client-go/rest"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// Search is List for large objects of which few are needed. keep returns the part of an object to retain, and whether to retain
// it. One object is in memory at a time: a page of 500 Kustomizations that have applied 200 objects each is 10 MB.
func (s *Source) Search(ctx context.Context, q facts.Query, keep func(facts.Encoded) (facts.Object, bool)) (facts.List, []facts.Object) {
	if r := s.reader(ctx, q.Plane); r != nil {
		return r.List(ctx, q)
	}
	a, expired := s.search(ctx, q, pageSize, keep)
	if expired {
		a, _ = s.search(ctx, q, 0, keep)
	}
	return a.List, a.objects
}

func (s *Source) search(ctx context.Context, q facts.Query, limit int, keep func(facts.Encoded) (facts.Object, bool)) (a listing, expired bool) {
	a.Query = q
	at, err := listPath(q)
	if err != nil {
		return refused(q, err), false
	}
	read, next := 0, ""
	for {
		p, err := withRetry(ctx, func() (searchedPage, error) {
			return searchPage(ctx, pageRequest(s.cluster(q.Plane).client, at, q, limit, next), q, keep)
		})
		if err != nil {
			return refused(q, err), httpStatus(err) == http.StatusGone && next != ""
		}
		for _, o := range p.kept {
			a.Items = append(a.Items, o.Ref)
			a.objects = append(a.objects, o)
			s.readers.Note(o)
		}
		read, next = read+p.read, p.next
		if next == "" || read >= maxEncoded {
			a.Outcome, a.Truncated = facts.Found, next != ""
			return a, false
		}
	}
}

// searchedPage is the retained part of a page of a list.
type searchedPage struct {
	kept []facts.Object
	read int    // the number of objects in the page
	next string // the continue token of the next page; "" for the last
}

func searchPage(ctx context.Context, r *rest.Request, q facts.Query, keep func(facts.Encoded) (facts.Object, bool)) (searchedPage, error) {
	body, err := r.MaxRetries(2).Stream(ctx)
	if err != nil {
		return searchedPage{}, err //nolint:wrapcheck // outcome inspects the type of the error
	}
	defer func() { _ = body.Close() }()
	var p searchedPage
	version := "" // the API server sends it before the items
	err = readList(body, func(item []byte) {
		p.read++
		if o, wanted := keep(encode(q, version, string(item))); wanted {
			p.kept = append(p.kept, o)
		}
	}, func(name string, value []byte) {
		switch name {
		case "apiVersion":
			version = strings.Clone(gjson.ParseBytes(value).Str)
		case "metadata":
			p.next = strings.Clone(gjson.GetBytes(value, "continue").Str)
		}
	})
	if err != nil {
		return searchedPage{}, fmt.Errorf("the answer cannot be read: %w", err)
	}
	return p, nil
}

// pageRequest requests a page of a list. With limit 0 it requests the whole list.
func pageRequest(c *rest.RESTClient, at string, q facts.Query, limit int, from string) *rest.Request {
	r := selected(c.Get().AbsPath(at), q)
	if limit > 0 {
		r = r.Param("limit", strconv.Itoa(limit))
	}
	if from != "" {
		r = r.Param("continue", from)
	}
	return r
}
