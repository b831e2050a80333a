package mcp

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/modelcontextprotocol/go-sdk/auth"
	sdk "github.com/modelcontextprotocol/go-sdk/mcp"
)

// serveStdio serves one client on the standard streams until it closes them.
func (o *options) serveStdio(ctx context.Context, s *sdk.Server) error {
	err := s.Run(ctx, &sdk.IOTransport{Reader: io.NopCloser(o.streams.In), Writer: withoutClose{o.streams.Out}})
	if err != nil && ctx.Err() == nil && !errors.Is(err, io.EOF) {
		return fmt.Errorf("cannot serve the protocol on the standard input and output: %w", err)
	}
	return nil
}

type withoutClose struct{ io.Writer }

func (withoutClose) Close() error { return nil }

const (
	// shortestToken is how many characters a token must have.
	shortestToken = 16
	// headerTimeout is how long a client may take to send its headers.
	headerTimeout = 10 * time.Second
	// shutdownTime is how long requests may take to end after a signal.
	shutdownTime = 300 * time.Millisecond
	// idleTime is how long a session without requests is kept.
	idleTime = 30 * time.Minute
)

// serveHTTP serves clients that have the token, on a loopback address.
func (o *options) serveHTTP(ctx context.Context, s *sdk.Server) error {
	if err := checkLoopback(o.listen); err != nil {
		return err
	}
	token, isNew, err := o.token()
	if err != nil {
		return err
	}
	var config net.ListenConfig
	listener, err := config.Listen(ctx, "tcp", o.listen)
	if err != nil {
		return fmt.Errorf("cannot listen on %s: %w", o.listen, err)
	}
	_, _ = fmt.Fprintf(o.streams.Err, "serving MCP on http://%s\n", listener.Addr())
	if isNew {
		_, _ = fmt.Fprintf(o.streams.Err, "clients must send: Authorization: Bearer %s\n", token)
	}
	web := &http.Server{Handler: protected(s, token), ReadHeaderTimeout: headerTimeout, BaseContext: func(net.Listener) context.Context { return ctx }}
	ended := make(chan error, 1)
	go func() { ended <- web.Serve(listener) }()
	select {
	case err := <-ended:
		return fmt.Errorf("cannot serve HTTP: %w", err)
	case <-ctx.Done():
	}
	ending, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdownTime)
	defer cancel()
	if web.Shutdown(ending) != nil {
		_ = web.Close() // a client listens for notifications without end
	}
	return nil
}

// protected requires the token. The handler of the library also refuses requests with the Host of another machine, and the request
// of a page of another origin has no token.
func protected(s *sdk.Server, token string) http.Handler {
	want := sha256.Sum256([]byte(token))
	verify := func(_ context.Context, sent string, _ *http.Request) (*auth.TokenInfo, error) {
		got := sha256.Sum256([]byte(sent))
		if subtle.ConstantTimeCompare(got[:], want[:]) != 1 {
			return nil, auth.ErrInvalidToken
		}
		return &auth.TokenInfo{UserID: "user"}, nil
	}
	handler := sdk.NewStreamableHTTPHandler(func(*http.Request) *sdk.Server { return s }, &sdk.StreamableHTTPOptions{SessionTimeout: idleTime})
	return auth.RequireBearerToken(verify, &auth.RequireBearerTokenOptions{AllowMissingExpiration: true})(handler)
}

// checkLoopback refuses addresses that other machines reach.
func checkLoopback(address string) error {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return fmt.Errorf("invalid --listen %q: use a loopback address and a port, such as 127.0.0.1:8765", address)
	}
	if ip := net.ParseIP(host); ip == nil || !ip.IsLoopback() {
		return fmt.Errorf("invalid --listen %q: only loopback addresses are allowed, such as 127.0.0.1:8765", address)
	}
	return nil
}

// token is that of the file, or a new one.
func (o *options) token() (token string, isNew bool, err error) {
	if o.tokenFile == "" {
		return rand.Text(), true, nil
	}
	info, err := os.Stat(o.tokenFile)
	if err != nil {
		return "", false, fmt.Errorf("cannot read the token: %w", err)
	}
	if info.Mode().Perm()&0o077 != 0 {
		return "", false, fmt.Errorf("cannot use token file %s: other users may read it; run chmod 600 %s", o.tokenFile, o.tokenFile)
	}
	text, err := os.ReadFile(o.tokenFile)
	if err != nil {
		return "", false, fmt.Errorf("cannot read the token: %w", err)
	}
	token = strings.TrimSpace(string(text))
	if len(token) < shortestToken || strings.ContainsAny(token, " \t\r\n") {
		return "", false, fmt.Errorf("cannot use token file %s: a token has at least %d characters and no spaces", o.tokenFile, shortestToken)
	}
	return token, false, nil
}
