package escape

import (
	"fmt"
	"strings"
)

// Mermaid writes as a character code what is more than text to Mermaid, to the Markdown and the HTML that it makes of a
// label, or to the block that the flowchart is in.
func Mermaid(s string) string {
	s = decodedLater().Replace(s)
	var out strings.Builder
	for i, r := range s {
		plain := r >= 0x80 || alphanumeric(r) || strings.ContainsRune(" ,/()", r) || (r == '-' || r == '.') && !isMarkup(s, i, r)
		if plain {
			out.WriteRune(r)
			continue
		}
		fmt.Fprintf(&out, "#%d;", r)
	}
	return out.String()
}

// decodedLater breaks up what Mermaid reads in a label after it has decoded the codes: formulas, icons, and the letters in which it
// keeps codes while it parses (mermaid packages/mermaid/src/utils.ts, decodeEntities, and diagrams/common/common.ts).
func decodedLater() *strings.Replacer {
	const nothing = "\u200c" // has no width, and joins nothing
	return strings.NewReplacer("$", "$"+nothing, ":fa-", ":"+nothing+"fa-", "¶", "¶"+nothing, "ﬂ", "fl")
}

func alphanumeric(r rune) bool {
	return '0' <= r && r <= '9' || 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z'
}
