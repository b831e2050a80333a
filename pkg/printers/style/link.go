package style

import (
	"fmt"
	"net/url"
	"strings"
)

// LinkTo makes words of a line a hyperlink, where the terminal has hyperlinks (OSC 8). A line is laid out first: a link has no width.
// Text from a cluster opens nothing but the http or https address that it shows or that its object declares.
func (o Options) LinkTo(line, words, address string) string {
	at := strings.LastIndex(line, words)
	if !o.Links || words == "" || at < 0 || !IsWebAddress(address) {
		return line
	}
	return line[:at] + "\x1b]8;;" + address + "\x1b\\" + words + "\x1b]8;;\x1b\\" + line[at+len(words):]
}

// IsWebAddress reports whether a browser outside the cluster may open an address: http or https, a host that is not one of the
// cluster's own DNS names, no credentials, and printable ASCII alone.
func IsWebAddress(address string) bool {
	if strings.ContainsFunc(address, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return false
	}
	u, err := url.Parse(address)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Hostname() != "" && u.User == nil && !isServiceName(u.Hostname())
}

// isServiceName reports whether a host is that of a Service (Kubernetes DNS-Based Service Discovery, section 2.3). A cluster may have
// another domain than cluster.local, which its names do not show.
func isServiceName(host string) bool {
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	return strings.HasSuffix(host, ".svc") || strings.HasSuffix(host, ".svc.cluster.local")
}

// WebAddresses are the addresses in a line that may be opened.
func WebAddresses(line string) []string {
	var all []string
	for word := range strings.FieldsSeq(line) {
		if word = strings.TrimRight(word, ".,;:)"); IsWebAddress(word) {
			all = append(all, word)
		}
	}
	return all
}

// FindingPage is the address of the page of a finding code.
func FindingPage(code string) string {
	return "https://github.com/kubectl-choreo/kubectl-choreo/blob/main/docs/findings/" + code + ".md"
}

// longest is how many characters of a message a terminal shows. The cause of a long message is at one of its ends.
const longest = 400

// Elide leaves out the middle of a message that is too long for a terminal. A pipe gets all of it.
func (o Options) Elide(text string) string {
	runes := []rune(text)
	if !o.Marks || len(runes) <= longest+50 {
		return text
	}
	head, tail := string(runes[:longest/2]), string(runes[len(runes)-longest/2:])
	if at := strings.LastIndexByte(head, ' '); at > longest/4 {
		head = head[:at]
	}
	if at := strings.IndexByte(tail, ' '); at >= 0 && at < longest/4 {
		tail = tail[at+1:]
	}
	left := len(runes) - len([]rune(head)) - len([]rune(tail))
	return fmt.Sprintf("%s … (%d characters left out, -o json prints all) … %s", head, left, tail)
}
