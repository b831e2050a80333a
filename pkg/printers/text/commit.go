package text

import (
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/style"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// commitPage is the page of a commit at the host of the repository: where one source alone has that revision, and its address is one of
// the web. "" where no page is known.
func (p *tree) commitPage(revision string) string {
	if p.Options.Snapshot == nil {
		return ""
	}
	_, commit, _ := strings.Cut(revision, "sha1:")
	address := ""
	for _, o := range p.Options.Snapshot.Of(facts.Control, "source.toolkit.fluxcd.io", "GitRepository") {
		if o.Body == nil || !strings.HasSuffix(text(o.Body, "status", "artifact", "revision"), commit) {
			continue
		}
		url := text(o.Body, "spec", "url")
		if address != "" && address != url {
			return ""
		}
		address = url
	}
	return commitAddress(address, commit)
}

func text(u *unstructured.Unstructured, fields ...string) string {
	value, _, _ := unstructured.NestedString(u.Object, fields...)
	return value
}

// commitAddress is the page of a commit as GitHub, Gitea and others name it; GitLab and Bitbucket have paths of their own.
func commitAddress(repository, commit string) string {
	repository = strings.TrimSuffix(strings.TrimSuffix(repository, "/"), ".git")
	if !style.IsWebAddress(repository) || commit == "" {
		return ""
	}
	switch {
	case strings.Contains(repository, "gitlab"):
		return repository + "/-/commit/" + commit
	case strings.Contains(repository, "bitbucket"):
		return repository + "/commits/" + commit
	}
	return repository + "/commit/" + commit
}

// linkedCode makes the code of a finding a link to its page.
func (p *tree) linkedCode(line string, code trace.Code) string {
	return p.Options.LinkTo(line, string(code), style.FindingPage(string(code)))
}
