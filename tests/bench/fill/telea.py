# telea.py picture.ppm mask.pgm result.ppm: OpenCV's Telea inpainting with one thread; prints its CPU seconds.
import sys
import time
import cv2
import numpy

cv2.setNumThreads(1)
picture = cv2.imread(sys.argv[1])
mask = cv2.imread(sys.argv[2], cv2.IMREAD_GRAYSCALE)
spot = numpy.zeros((64, 64), numpy.uint8)
spot[20:40, 20:40] = 255
cv2.inpaint(numpy.zeros((64, 64, 3), numpy.uint8), spot, 5, cv2.INPAINT_TELEA)
cpu, wall = time.process_time(), time.perf_counter()
result = cv2.inpaint(picture, mask, 5, cv2.INPAINT_TELEA)
print(time.process_time() - cpu, time.perf_counter() - wall)
cv2.imwrite(sys.argv[3], result)
