package gitrev

import (
	"context"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// Texts returns the files of a commit that declare an object, with their text. An object without a name is one of the component.
func Texts(ctx context.Context, dir, commit string, object facts.Ref, component string) map[string][]byte {
	texts := map[string][]byte{}
	c := clone{ctx: ctx, dir: dir}
	for _, file := range Declaring(ctx, dir, commit, object, component) {
		if text, err := c.raw("cat-file", "blob", commit+":"+file); err == nil {
			texts[file] = []byte(text)
		}
	}
	return texts
}
