FROM scratch AS server
