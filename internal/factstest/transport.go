package factstest

import (
	"errors"
	"net/http"
	"net/http/httptest"
)

// Transport reaches h in this process, whatever the address: in a bubble of testing/synctest there is no network. A handler
// that panics has broken the connection.
func Transport(h http.Handler) http.RoundTripper { return transport{h} }

type transport struct{ http.Handler }

func (t transport) RoundTrip(r *http.Request) (response *http.Response, err error) {
	defer func() {
		if recover() != nil {
			response, err = nil, errors.New("connection reset by peer")
		}
	}()
	w := httptest.NewRecorder()
	t.ServeHTTP(w, r)
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	return w.Result(), nil
}
