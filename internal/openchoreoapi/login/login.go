// Package login finds the address of openchoreo-api and the user's token for it: in the configuration of occ, which it only reads, or
// as the user gave them. It decides where the token may be sent.
package login

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strings"
	"time"
)

// TokenVariable is the variable of the environment with the token for an address that the user gave.
const TokenVariable = "OPENCHOREO_TOKEN"

// maxToken bounds a token: servers accept headers of some kilobytes.
const maxToken = 16 << 10

// Login is how to reach openchoreo-api. The zero value reaches nothing.
type Login struct {
	URL *url.URL
	// Token is sent as a bearer token; "" sends none, as to an API with security off.
	Token string
	// Renew tells the user how to get another token.
	Renew string
}

// Given is the Login for an address that the user gave, with the token of the environment.
func Given(address string, getenv func(string) string) (Login, error) {
	l, err := newLogin(address, getenv(TokenVariable), "set "+TokenVariable+" to a valid token")
	if err != nil {
		return Login{}, fmt.Errorf("invalid --openchoreo-api: %w", err)
	}
	return l, nil
}

func newLogin(address, token, renew string) (Login, error) {
	parsed, err := parse(address)
	if err != nil {
		return Login{}, err
	}
	token = strings.TrimSpace(token)
	l := Login{URL: parsed, Token: token, Renew: renew}
	switch {
	case len(token) > maxToken || strings.ContainsFunc(token, func(r rune) bool { return r <= ' ' || r > '~' }):
		return Login{}, fmt.Errorf("the token is no bearer token; %s", renew)
	case token != "" && !l.IsEncrypted() && !isLoopback(parsed.Hostname()):
		return Login{}, fmt.Errorf("a token is not sent over http to %s; use an https address", parsed.Host)
	}
	return l, nil
}

// parse accepts the address of an HTTP server, without anything that does not belong to it.
func parse(address string) (*url.URL, error) {
	parsed, err := url.Parse(address)
	if err != nil {
		return nil, errors.New("it is no URL") // the error of url.Parse repeats the address, which may have a password
	}
	switch {
	case parsed.Scheme != "https" && parsed.Scheme != "http" || parsed.Hostname() == "":
		return nil, errors.New("it is no URL of a server; use https://HOST[:PORT]")
	case parsed.User != nil:
		return nil, errors.New("it has a user or a password; use " + TokenVariable)
	case parsed.RawQuery != "" || parsed.ForceQuery || parsed.Fragment != "":
		return nil, errors.New("it has a query or a fragment; use https://HOST[:PORT]")
	}
	return parsed, nil
}

// IsEncrypted reports whether the connection is.
func (l Login) IsEncrypted() bool { return l.URL != nil && l.URL.Scheme == "https" }

// isLoopback reports whether a name means this machine. Names below localhost do (RFC 6761, section 6.3); OpenChoreo's quick start uses
// api.openchoreo.localhost. Whoever connects checks the address as well.
func isLoopback(host string) bool {
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	if ip := net.ParseIP(host); ip != nil {
		return ip.IsLoopback()
	}
	return host == "localhost" || strings.HasSuffix(host, ".localhost")
}

// ExpiredAt returns the expiry of the token, if it is a JWT with an expiry that has passed. The API verifies the token; an expired
// one is only not worth a request.
func (l Login) ExpiredAt(now time.Time) (at time.Time, expired bool) {
	parts := strings.Split(l.Token, ".")
	if len(parts) != 3 {
		return time.Time{}, false
	}
	payload, err := base64.RawURLEncoding.DecodeString(strings.TrimRight(parts[1], "="))
	if err != nil {
		return time.Time{}, false
	}
	var claims struct {
		Expiry float64 `json:"exp"`
	}
	if json.Unmarshal(payload, &claims) != nil || claims.Expiry <= 0 || claims.Expiry > 1<<40 {
		return time.Time{}, false
	}
	at = time.Unix(int64(claims.Expiry), 0)
	return at, !now.Before(at)
}
