# Asks the completion of bash: ask.bash SCRIPT LINE PIECE... prints what it offers for the last piece, one a line.
source "$1"
COMP_LINE=$2
shift 2
COMP_WORDS=("$@")
COMP_CWORD=$(($# - 1))
# Outside of readline there is no completion to change.
compopt() { echo "compopt $*"; }
_publish_activity
if ((${#COMPREPLY[@]} > 0)); then printf '%s\n' "${COMPREPLY[@]}"; fi
