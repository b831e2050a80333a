package login

import (
	"fmt"
	"net"
	"net/http"
	"syscall"
)

// Transport connects without a proxy and to this machine only, if a token would be sent unencrypted: a name below localhost may
// resolve to any address.
func (l Login) Transport() http.RoundTripper {
	t := http.DefaultTransport.(*http.Transport).Clone()
	t.MaxResponseHeaderBytes = 64 << 10
	if l.IsEncrypted() || l.Token == "" {
		return t
	}
	t.Proxy = nil
	dialer := net.Dialer{Control: func(_, address string, _ syscall.RawConn) error {
		host, _, err := net.SplitHostPort(address)
		if ip := net.ParseIP(host); err != nil || ip == nil || !ip.IsLoopback() {
			return fmt.Errorf("a token is not sent over http to %s", address)
		}
		return nil
	}}
	t.DialContext = dialer.DialContext
	return t
}
